"""What other agencies know: they are asked, they answer, and somebody says what the answers mean together."""
