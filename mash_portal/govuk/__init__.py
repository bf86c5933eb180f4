"""How the portal looks: our crispy template pack in the GOV.UK manner, words for times, and the theme."""
