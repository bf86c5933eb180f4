"""Which colour of tag goes with which word. Colour never stands alone: the word is always there."""

RAG = {"red": "red", "amber": "orange", "green": "green"}
STAGE = {"received": "blue", "triage": "teal", "sign_off": "purple", "decided": "yellow", "closed": "grey"}
NOT_RATED = "Not yet rated"
