"""What is learned from what was decided: training and meetings, the monthly dip sample, what follows, who came back."""
