"""Made-up slips: a child's record as a second agency writes it down, and children who only look like one another.

Every kind stands alone or beside another, so that a test can say which kind the rules are good at. Seeded: a run can be
had again. The spellings are made by rules about letters, not taken from the portal's own list of names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from referrals.rules.matching import Known

Slip = Callable[[Random, Known], Known]

_SPELT = (
    ("ai", "ay"), ("ay", "ai"), ("ie", "y"), ("ey", "y"), ("y", "ie"), ("ee", "i"), ("oo", "u"), ("ou", "u"),
    ("u", "oo"),
    ("c", "k"), ("k", "c"), ("ck", "k"), ("ph", "f"), ("f", "ph"), ("z", "s"), ("th", "t"), ("ll", "l"), ("l", "ll"),
    ("tt", "t"), ("nn", "n"), ("n", "nn"), ("ss", "s"), ("mm", "m"), ("m", "mm"), ("e", "a"), ("a", "e"), ("a", "aa"),
    ("i", "ee"), ("ch", "c"), ("sh", "s"), ("h", ""), ("w", "wh"), ("v", "ph"), ("aw", "or"), ("ed", "ad"),
)  # fmt: skip
#: Spellings of the history's own names that people do write, and that no rule about letters makes.
_WRITTEN = {
    "Aisha": "Ayesha", "Kaiden": "Caden", "Yusuf": "Yousef", "Layla": "Leila", "Maja": "Maya", "Niamh": "Neve",
    "Rhys": "Reece", "Noor": "Nur", "Jakub": "Jacob", "Zofia": "Sophia", "Tomasz": "Thomas", "Siân": "Sian",
    "Maryam": "Mariam", "Zara": "Zahra", "Elis": "Ellis", "Isla": "Islah", "Dylan": "Dillon", "Zain": "Zayn",
    "Chaudhry": "Chowdhury", "Hussain": "Hossein", "Clarke": "Clark", "Reid": "Reed", "Davies": "Davis",
    "Ahmed": "Ahmad",
    "Aziz": "Azeez", "O'Brien": "O’Bryan", "Foley-Hughes": "Foley Hughes", "Mensah": "Mensa", "Osei": "Ossei",
    "Begum": "Begam", "Shaw": "Shore", "Walsh": "Welsh", "Smith": "Smyth", "Price": "Pryce", "Green": "Greene",
}  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"
HOMES = "ABDEFGHJLNPQRSTUWXYZ"


def mistyped(random: Random, name: str) -> str:
    """One letter dropped, doubled, changed, or two neighbours swapped."""
    at = random.randrange(len(name))
    kind = random.randrange(4) if len(name) > 3 else random.randrange(2)
    if kind == 0:
        return name[:at] + name[at] + name[at:]
    if kind == 1:
        at = min(at, len(name) - 2)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 2:
        return name[:at] + name[at + 1 :]
    at = max(at, 1)
    return name[:at] + random.choice(LETTERS) + name[at + 1 :]


def respelt(random: Random, name: str) -> str:
    """As somebody writes it who has only heard it."""
    if name in _WRITTEN and random.random() < 0.5:
        return _WRITTEN[name]
    ways = [(one, other) for one, other in _SPELT if one in name.lower()[1:] or (one in name.lower() and one in "ck")]
    if not ways:
        return _WRITTEN.get(name, name + name[-1])
    one, other = random.choice(ways)
    at = max(name.lower().rfind(one), 0)
    new = name[:at] + other + name[at + len(one) :]
    return new.capitalize() if "-" not in name and "'" not in name else new


def _born(random: Random, child: Known) -> date:
    assert child.date_of_birth is not None
    return child.date_of_birth


def _day(random: Random, child: Known) -> Known:
    born = _born(random, child)
    return replace(child, date_of_birth=born.replace(day=random.choice([d for d in range(1, 29) if d != born.day])))


def _turned(random: Random, child: Known) -> Known:
    born = _born(random, child)
    return replace(child, date_of_birth=born.replace(day=born.month, month=born.day))


def _year(random: Random, child: Known) -> Known:
    born = _born(random, child)
    year = born.year - 1
    return replace(
        child,
        date_of_birth=born.replace(year=year, day=28 if (born.month, born.day) == (2, 29) else born.day),
        birth_year=year,
    )


def _moved(random: Random, child: Known) -> Known:
    where = f"WS{random.randint(1, 9)} {random.randint(1, 9)}{random.choice(HOMES)}{random.choice(HOMES)}"
    return replace(child, postcode=where)


def _given(change: Callable[[Random, str], str]) -> Slip:
    return lambda random, child: replace(child, given_names=change(random, child.given_names))


def _family(change: Callable[[Random, str], str]) -> Slip:
    return lambda random, child: replace(child, family_name=change(random, child.family_name))


def _swapped(random: Random, child: Known) -> Known:
    return replace(child, given_names=child.family_name, family_name=child.given_names)


def _middle(random: Random, child: Known) -> Known:
    return replace(child, given_names=f"{child.given_names} {random.choice(('James', 'Rose', 'Ali', 'Grace'))}")


def _bare(random: Random, child: Known) -> Known:
    return replace(child, postcode="", ethnicity="")


#: Slips that the portal joins on its own.
JOINED: Mapping[str, Sequence[Slip]] = {
    "given name mistyped": [_given(mistyped)],
    "family name mistyped": [_family(mistyped)],
    "given name respelt": [_given(respelt)],
    "family name respelt": [_family(respelt)],
    "names swapped": [_swapped],
    "day and month swapped": [_turned],
    "another day": [_day],
    "a year off": [_year],
    "moved house": [_moved],
    "no postcode": [_bare],
    "a middle name": [_middle],
    "both names mistyped": [_given(mistyped), _family(mistyped)],
    "respelt, day and month swapped": [_given(respelt), _turned],
    "names swapped, moved house": [_swapped, _moved],
    "given name respelt, moved house": [_given(respelt), _moved],
    "family name respelt, moved house": [_family(respelt), _moved],
}
#: Slips after which too little is left: a person has to decide.
ASKED: Mapping[str, Sequence[Slip]] = {
    "day and month swapped, moved house": [_turned, _moved],
    "another day, moved house": [_day, _moved],
    "both names mistyped, moved house": [_given(mistyped), _family(mistyped), _moved],
}


def written_again(random: Random, child: Known, slips: Sequence[Slip]) -> Known:
    """The same child, as a second agency writes them down."""
    for slip in slips:
        child = slip(random, child)
    return child


def can_have(child: Known, kind: str) -> bool:
    born = child.date_of_birth
    return born is not None and (
        "swapped" not in kind or "day" not in kind or (born.day <= 12 and born.day != born.month)
    )


@dataclass(frozen=True)
class Family:
    """Names that children of this population have."""

    given: Sequence[tuple[str, str]]  # name, sex

    def twin(self, random: Random, child: Known) -> Known:
        """Same birth date, family name and home; another given name, sometimes a rhyme."""
        return replace(child, given_names=self._other(random, child, child.sex if random.random() < 0.6 else ""))

    def sibling(self, random: Random, child: Known) -> Known:
        born = _born(random, child) + timedelta(days=-random.randint(300, 2000))
        return replace(self.twin(random, child), date_of_birth=born, birth_year=born.year)

    def namesake(self, random: Random, child: Known) -> Known:
        """Same names, an earlier birth date, another home: a cousin, or nobody's relation."""
        born = _born(random, child) + timedelta(days=-random.randint(20, 3000))
        return replace(_moved(random, child), date_of_birth=born, birth_year=born.year)

    def _other(self, random: Random, child: Known, sex: str) -> str:
        names = [name for name, of in self.given if name != child.given_names and sex in ("", of)]
        return random.choice(names)


#: Pairs of names that rhyme or differ by a letter, as twins' names do.
RHYMES = (
    ("Kaiden", "Jayden"), ("Ellie", "Evie"), ("Ollie", "Alfie"), ("Layla", "Kayla"), ("Ava", "Eva"), ("Zain", "Zara"),
    ("Amir", "Amira"), ("Hasan", "Husain"), ("Mia", "Maya"), ("Harry", "Barry"), ("Tyler", "Kyler"), ("Lily", "Lila"),
    ("Aiden", "Hayden"), ("Rayan", "Zayan"), ("Hamza", "Hafsa"), ("Amina", "Samina"), ("Ben", "Ken"), ("Jon", "Jan"),
    ("Muhammad Yusuf", "Muhammad Yunus"), ("Lily-Mae", "Lily-Rose"), ("Tayo", "Kayo"), ("Olamide", "Olumide"),
    ("Daniel", "Danielle"), ("Faizan", "Faizah"), ("Josh", "Joss"), ("Ada", "Ida"), ("Tarik", "Zarik"),
    ("Anya", "Tanya"),
)  # fmt: skip
