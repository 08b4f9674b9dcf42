"""Fictitious Malian names, the ways they are misspelt, and how well the name keys find them.

Seeded: the same seed makes the same persons and the same mistakes. Frequencies are our guess of
the known order (one person in ten is a Traoré); nobody here exists. The misspellings are written
from how names are seen written, not from the rules of ``danbekit.linkage``: they hold mistakes
that no rule there undoes (a/e, l/r, g/k, a vowel lost or put in, Sékou for Cheick). Both were
written by the same team all the same: measure again on real pairs once some have been decided.
"""

import math
import random
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from danbekit.linkage.keys import query_keys, search_keys

SEED = 2012
SECOND_GIVEN = 0.25  # of persons
ONE_NAME = 0.02  # of persons are known by one word alone
INVENTED = 0.06  # of words are rare names, made of syllables
REGISTER_VARIES = 0.3  # of the words written in the register are not spelt as in our list
# Of queries:
TYPED_SLIP = 0.2
SISTER_FORM = 0.08
HONORIFIC = 0.1
SECOND_INSTEAD = 0.25  # of the queries for persons who have two given names
UPPER, NO_ACCENTS = 0.25, 0.6
VARIATIONS = (0.45, 0.4, 0.15)  # none, one or two, on each word

FAMILIES = """Traoré 100 Coulibaly 80 Diarra 75 Keïta 50 Diallo 48 Koné 45 Sidibé 36
Sangaré 35 Dembélé 32 Cissé 30 Touré 30 Maïga 28 Sissoko 25 Doumbia 25 Konaté 24 Camara 22
Diakité 22 Kanté 16 Fofana 15 Sacko 14 Samaké 14 Bagayoko 13 Kouyaté 13 Diabaté 12 Sanogo 12
Ouattara 11 Berthé 11 Togola 10 Goïta 9 Guindo 9 Dicko 9 Ballo 9 Haïdara 9 Bah 8 Dramé 8
Magassa 8 Niaré 8 Tounkara 8 Soumaré 8 Sow 7 Sylla 7 Simpara 7 Kamissoko 7 Cissoko 6
Tangara 6 Tembely 6 Ongoïba 5 Ouologuem 5 Poudiougou 5 Karembé 5 Kassogué 5 Togo 5 Arama 4
Dolo 5 Djiguiba 4 Tolo 4 Saye 4 Théra 4 Dao 4 Dakouo 4 Goro 4 Kodio 4 Mariko 5 Doucouré 5
Diawara 6 Gassama 4 Sylla 5 Niakaté 4 Wagué 4 Yattassaye 3 Bocoum 4 Tall 4 Barry 5
Boly 3 Ly 3 Sy 4 Kane 4 Thiam 3 N’Diaye 5 Diop 3 Gakou 3 Gaye 2 Alhousseini 2 Touré 6
Yattara 3 Arby 2 Ascofaré 2 Niangaly 3 Nantoumé 2 Sagara 4 Témé 3 Yalcouyé 3 Zerbo 2
Sawadogo 3 Ouédraogo 3 Kaboré 1 Dabo 3 Danioko 2 Macalou 3 Makadji 2 Makanguilé 2 Sako 2
Sinayoko 2 Fomba 3 Jiré 1 Marico 2 Malé 3 Monékata 1 Dagnoko 2 Diamouténé 2 Kansaye 2
Kassambara 2"""
MEN = """Mamadou 80 Moussa 60 Amadou 45 Oumar 40 Ibrahima 38 Abdoulaye 38 Seydou 30 Modibo 28
Boubacar 28 Adama 28 Drissa 26 Issa 24 Souleymane 24 Bakary 24 Mohamed 40 Ousmane 22
Youssouf 20 Lassana 15 Lassine 12 Alassane 14 Yacouba 14 Sékou 14 Cheick 16 Salif 13
Daouda 13 Madou 8 Siaka 9 Yaya 9 Karim 8 Kalifa 8 Hamidou 9 Idrissa 8 Aboubacar 8
Mahamadou 20 Bréhima 8 Broulaye 7 Fousseyni 8 Lamine 10 Tidiani 8 Tiémoko 5 Tiécoro 4
Zoumana 7 Soumaïla 9 Samba 6 Samou 2 Sory 6 Nouhoum 6 Mady 5 Makan 5 Mambé 1 Harouna 6
Hamma 4 Hama 4 Gaoussou 6 Fodé 5 Fily 3 Dramane 7 Djibril 6 Demba 5 Dounamba 2 Daba 3
Birama 5 Bourama 5 Boureima 5 Bassirou 3 Badra 3 Arouna 4 Aly 7 Aliou 5 Almamy 4 Abdramane 8
Abdoul 9 Yéro 2 Toumani 3 Soungalo 3 Sinaly 2 Noumouké 2 Nianankoro 2 Ogobara 1 Agaly 1
Attaher 1"""
WOMEN = """Fatoumata 90 Aminata 60 Mariam 60 Awa 40 Kadiatou 45 Oumou 30 Aïssata 35
Djénéba 30 Fanta 25 Hawa 22 Salimata 18 Assétou 15 Bintou 18 Rokia 16 Sira 10 Assitan 12
Nana 8 Maïmouna 16 Safiatou 12 Ramata 12 Ramatoulaye 6 Habibatou 7 Korotoumou 9 Rokiatou 7
Adiaratou 8 Adam 6 Coumba 10 Niélé 3 Nakany 2 Nassira 2 Néné 5 Penda 4 Sanaba 3 Saran 4
Sadio 4 Sétou 4 Sitan 6 Sokona 4 Tenin 5 Tata 2 Wassa 3 Yah 2 Yama 2 Zeïnabou 3 Alimata 5
Alima 4 Aïchata 5 Astan 4 Aoua 4 Binta 5 Bana 2 Dado 2 Diahara 3 Diaminatou 1 Doussou 5
Fatim 4 Founé 4 Goundo 3 Hadja 3 Haby 3 Kadidia 12 Kankou 4 Kafounè 1 Kani 2 Lalla 3
Macoura 3 Madina 4 Mah 3 Maman 2 Minata 3 Mouna 3 Mama 3 Nagnouma 3 Nafissatou 4 Niagalé 2"""
SYLLABLES = (
    "ba bi bo da di do fa fo ga go ka ki ko la li lo ma mi mo na no ra ri sa so ta ti to za"
)
HONORIFICS = [*"Mme Mlle M. Monsieur Dr Imam Feu Elhadj".split(), "El Hadj", "El-Hadji"]
# Other forms under which the same person is met.
SISTERS = """Mamadou Mahamadou|Mamadou Mohamed|Mahamadou Mouhamadou|Fatoumata Fatimata
Fatoumata Fatouma|Fatoumata Fatim|Kadiatou Kadidia|Kadiatou Khadija|Aïssata Assata
Aïssata Aïchata|Ibrahima Ibrahim|Ibrahima Brahima|Boubacar Aboubacar|Ousmane Usman|Oumar Omar
Abdoulaye Abdoulahi|Abdoulaye Abdoul|Youssouf Issouf|Drissa Idrissa|Djénéba Zeïnabou
Seydou Saïdou|Mariam Mariama|Alassane Assane|Souleymane Solomane|Sékou Cheick|Adama Adam
Safiatou Safi|Rokia Rokiatou|Aliou Alioune|Harouna Arouna|Siaka Issiaka|Bréhima Ibrahima
Salif Salifou|Hamidou Amidou|Soumaïla Ismaïla|Traoré Tarawele|Coulibaly Kulubali
Dembélé Danbele|Bagayoko Bagayogo|Sissoko Cissokho|N’Diaye Diaye"""
# What one hand writes for another: what stands (a pattern) > what is written instead (_ a space).
USUAL = r"""ou>u ou>o (?<!o)u(?!$)>ou o(?!u)>ou é>e é>è é$>ée é$>er é$>ai [éè]>ei aï>ay aï>ei
ai>ei ei>ai eï>ei eï>éi eï>ey y$>i i$>y y>i i(?=[ao])>y c(?=[aou])>k k(?=[aou])>c k>ck
k(?=[ao])>kh k(?=[ei])>qu c(?=[eéi])>s ss>s (?<=[aeiou])s(?=[aeiou])>ss ss(?=[eéi])>c
s(?=i)>ch ch>s ch>sh ck$>kh t(?=[aeéi])>th th>t di(?=[aeéo])>dj di(?=[aeéo])>j
di(?=[aeéo])>dy dj(?=[aeéo])>di dj>j ni(?=[aeéo])>ny ni(?=[aeéo])>gn gn>ny ti(?=[eéo])>thi
ti(?=[eéo])>tch f>ph gu(?=[ei])>g w>ou ou(?=[aéo])>w h> ^(?=[aeio])>h a(?=[mk])>ah
(?<=[aeiou])$>h ([lmnrst])\1>\1 (?<=[aeiou])([lmnrst])(?=[aeiouéè])>\1\1 (?<=[nmlrd])$>e
ne$>n $>s ’>_ ’> ’>' ao>aou ao>awo"""
# Rarer; several of them no rule undoes.
UNUSUAL = r"""a>e e(?!$)>a l>r r>l g>k b>p m(?=[bp])>n
(?<=[bdgkmnrst])[aiou](?=[lmnrst][aeiou])> (?<=[td])r>ar z>s s(?=[aou])>z i>e e>i o(?!u)>a
ou>i ga>gha v>w n$>ng"""
UNUSUAL_PART = 0.08  # of variations
BESIDE = """azq zaes ezrd retf tryg ytuh uyij iuok oipl pom qasw sqdz dsfe fdgr gfht hgjy
jhku kjli lkmo mlp wqx xwc cxv vcb bvn nb"""  # on an AZERTY keyboard: a key, then those next to it
KEYBOARD = {keys[0]: keys[1:] for keys in BESIDE.split()}


@dataclass(frozen=True, slots=True)
class Person:
    """One fictitious person, as our list spells the names; ``family`` may be empty."""

    family: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misspelling:
    """What is typed to find a person, and which kinds of mistakes it holds."""

    text: str
    kinds: frozenset[str]


@dataclass
class Found:
    """The result of :func:`measure`."""

    n_persons: int
    n_queries: int
    recall: float  # of the queries of two words: a pair, or the one word that is known
    recall_one_word: float  # of the persons known by one word, stage after stage
    recall_by_kind: dict[str, tuple[float, int]]
    recall_of_exact: float  # of the folded spelling alone, for comparison
    mean_candidates: float
    median_candidates: float
    p95_candidates: float
    mean_by_score: dict[float, float]  # candidates: 1 exact, 0.8 sound, 0.5 near, 0.35 lone
    first_20: float  # of the queries whose person is found: among the first 20 by score
    mean_keys: float  # stored for a person
    most_keys: int
    mean_probes: float  # looked up for a query
    missed: list[tuple[str, str]] = field(repr=False, default_factory=list)


class Names:
    """The names that are drawn from, with their weights."""

    def __init__(self) -> None:
        self.families, self.men, self.women = map(_weighted, (FAMILIES, MEN, WOMEN))
        self.syllables = SYLLABLES.split()

    def draw(self, chance: random.Random, names: tuple[list[str], list[int]]) -> str:
        """One name, or a rare one made of syllables."""
        if chance.random() < INVENTED:
            made = "".join(chance.choices(self.syllables, k=chance.choice((2, 3, 3, 4))))
            return made.capitalize()
        return chance.choices(names[0], names[1])[0]


def make_persons(n_persons: int, seed: int = SEED) -> Iterator[Person]:
    """Persons one after the other; the first ``n`` are the same whatever ``n_persons``."""
    chance, names = random.Random(seed), Names()
    for _n in range(n_persons):
        lot = names.men if chance.random() < 0.45 else names.women
        given = [names.draw(chance, lot)]
        if chance.random() < SECOND_GIVEN:
            given.append(names.draw(chance, lot))
        family = "" if chance.random() < ONE_NAME else names.draw(chance, names.families)
        yield Person(family, tuple(dict.fromkeys(given)) if family else (given[0],))


def as_registered(person: Person, chance: random.Random, part: float = REGISTER_VARIES) -> Person:
    """The person as some clerk wrote the names: a few words are spelt another way."""
    words = [
        vary(word, chance)[0] if word and chance.random() < part else word
        for word in (person.family, *person.given)
    ]
    return Person(words[0], tuple(words[1:]))


def misspell(person: Person, chance: random.Random) -> Misspelling:
    """A query of two words for a person (one, if no more is known), written by somebody else."""
    kinds: set[str] = set()
    given = person.given[0]
    if len(person.given) > 1:
        kinds.add("one given name left out")
        if chance.random() < SECOND_INSTEAD:
            given = person.given[1]
            kinds.add("second given name instead of the first")
    words = [word for word in (given, person.family) if word]
    if chance.random() < SISTER_FORM:
        words = [_sister(word, chance, kinds) for word in words]
    words = [_varied(word, chance, kinds) for word in words]
    if chance.random() < TYPED_SLIP:
        n = chance.randrange(len(words))
        words[n] = slip(words[n], chance)
        kinds.add("typing slip")
    if chance.random() < 0.5:
        words.reverse()
        kinds.add("family name first")
    text = " ".join(words)
    if chance.random() < HONORIFIC:
        text = f"{chance.choice(HONORIFICS)} {text}"
        kinds.add("honorific")
    if chance.random() < NO_ACCENTS:
        text = _unaccented(text)
    return Misspelling(text.upper() if chance.random() < UPPER else text, frozenset(kinds))


def vary(word: str, chance: random.Random) -> tuple[str, str]:
    """Another spelling of a word, and whether it was a usual or an unusual one."""
    kind = "unusual spelling" if chance.random() < UNUSUAL_PART else "other spelling"
    pairs = _pairs_of(UNUSUAL if kind == "unusual spelling" else USUAL)
    low = word.lower()
    possible = [
        (p, r) for p, r in pairs if re.search(p, low) and re.sub(p, r, low, count=1) != low
    ]
    if not possible:
        return word, ""
    pattern, written = chance.choice(possible)
    places = list(re.finditer(pattern, low))
    place = chance.choice(places)
    changed = low[: place.start()] + place.expand(written) + low[place.end() :]
    return (changed.capitalize(), kind) if len(changed) > 1 else (word, "")


def slip(word: str, chance: random.Random) -> str:
    """A slip of the fingers: a letter lost, doubled, swapped, replaced or added."""
    low = _unaccented(word.lower())
    n = chance.randrange(len(low))
    beside = chance.choice(KEYBOARD.get(low[n], "e"))
    made = chance.choice(
        (
            low[:n] + low[n + 1 :],
            low[:n] + low[n] + low[n:],
            low[:n] + low[n + 1 : n + 2] + low[n] + low[n + 2 :],
            low[:n] + beside + low[n + 1 :],
            low[:n] + beside + low[n:],
        )
    )
    return made.capitalize() if len(made) > 1 else word


def measure(
    n_persons: int = 50_000,
    n_queries: int = 5_000,
    seed: int = SEED,
    register_varies: float = REGISTER_VARIES,
) -> Found:
    """Recall and number of candidates over a register in memory, queries drawn by person.

    For two words only the first stage counts: its last resort, all persons who have one of the
    words, would find nearly everybody in a crowd that nobody reads. The candidates, too, are
    those of queries of two words.
    """
    chance = random.Random(seed + 1)
    persons = list(make_persons(n_persons, seed))
    index: dict[str, list[int]] = defaultdict(list)
    sizes = []
    for n, person in enumerate(persons):
        written = as_registered(person, chance, register_varies)
        keys = search_keys(written.family, " ".join(written.given))
        sizes.append(len(keys))
        for key in keys:
            index[key].append(n)
    asked = [
        _ask(n, persons[n], index, chance) for n in chance.choices(range(n_persons), k=n_queries)
    ]
    return _summary(persons, sizes, asked)


@dataclass(frozen=True, slots=True)
class Asked:
    """One query and what it found."""

    n: int
    typed: Misspelling
    n_words: int
    n_probes: int
    n_by_score: dict[float, int]
    rank: float | None  # of the person meant; the middle of those of equal score
    is_exact: bool


def _ask(n: int, person: Person, index: dict[str, list[int]], chance: random.Random) -> Asked:
    typed = misspell(person, chance)
    query = query_keys(typed.text)
    held: dict[int, list[str]] = defaultdict(list)
    n_probes = 0
    for kinds in query.stages if query.is_broad else query.stages[:1]:
        for key in query.keys(*kinds):
            n_probes += 1
            for other in index.get(key, ()):
                held[other].append(key)
        if held:
            break
    scores = {other: query.score(keys) for other, keys in held.items()}
    mine = scores.get(n)
    ties = Counter(scores.values())
    return Asked(
        n=n,
        typed=typed,
        n_words=len(query.words),
        n_probes=n_probes,
        n_by_score=dict(ties),
        rank=None
        if mine is None
        else sum(c for score, c in ties.items() if score > mine) + (ties[mine] + 1) / 2,
        is_exact=any(key.startswith("x:") for key in held.get(n, ())),
    )


def _summary(persons: Sequence[Person], sizes: list[int], everything: list[Asked]) -> Found:
    asked = [a for a in everything if a.n_words > 1]
    ones = [a for a in everything if a.n_words == 1]
    sums = [sum(a.n_by_score.values()) for a in asked]
    hits = [a for a in asked if a.rank is not None]
    by_kind: dict[str, tuple[float, int]] = {}
    for kind in sorted({kind for a in asked for kind in a.typed.kinds}):
        those = [a for a in asked if kind in a.typed.kinds]
        by_kind[kind] = (_part(those, _is_found), len(those))
    total: Counter[float] = Counter()
    for a in asked:
        total.update(a.n_by_score)
    return Found(
        n_persons=len(persons),
        n_queries=len(asked),
        recall=_part(asked, _is_found),
        recall_one_word=_part(ones, _is_found),
        recall_by_kind=by_kind,
        recall_of_exact=_part(asked, lambda a: a.is_exact),
        mean_candidates=statistics.fmean(sums),
        median_candidates=statistics.median(sums),
        p95_candidates=statistics.quantiles(sums, n=20)[-1],
        mean_by_score={score: n / len(asked) for score, n in sorted(total.items(), reverse=True)},
        first_20=_part(hits, lambda a: a.rank is not None and a.rank <= 20),
        mean_keys=statistics.fmean(sizes),
        most_keys=max(sizes),
        mean_probes=statistics.fmean(a.n_probes for a in asked),
        missed=[
            (" ".join((*persons[a.n].given, persons[a.n].family)), a.typed.text)
            for a in asked
            if a.rank is None
        ],
    )


def _is_found(asked: Asked) -> bool:
    return asked.rank is not None


def _part(asked: Sequence[Asked], is_so: Callable[[Asked], bool]) -> float:
    return sum(map(is_so, asked)) / len(asked) if asked else math.nan


def _weighted(text: str) -> tuple[list[str], list[int]]:
    words = text.split()
    return words[::2], [int(weight) for weight in words[1::2]]


@cache
def _pairs_of(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [word.split(">") for word in text.split()]
    return tuple((stands, written.replace("_", " ")) for stands, written in pairs)


def _sister(word: str, chance: random.Random, kinds: set[str]) -> str:
    pairs = [pair.split() for line in SISTERS.splitlines() for pair in line.split("|")]
    others = [b if word == a else a for a, b in pairs if word in (a, b)]
    if not others:
        return word
    kinds.add("other form of the name")
    return chance.choice(others)


def _varied(word: str, chance: random.Random, kinds: set[str]) -> str:
    for _n in range(chance.choices((0, 1, 2), VARIATIONS)[0]):
        word, kind = vary(word, chance)
        if kind:
            kinds.add(kind)
    return word


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def report(found: Found) -> str:
    """The result as lines of Markdown, missed queries aside."""
    lines = [
        f"Persons {found.n_persons:,}, queries of two words {found.n_queries:,}",
        f"Recall {found.recall:.3f} (same folded spelling alone: {found.recall_of_exact:.3f}); "
        f"persons known by one word {found.recall_one_word:.3f}",
        f"Candidates: mean {found.mean_candidates:.1f}, median {found.median_candidates:.0f}, "
        f"p95 {found.p95_candidates:.0f}; person among the first 20: {found.first_20:.3f}",
        "Mean candidates by score: "
        + ", ".join(f"{score:g}: {n:.1f}" for score, n in found.mean_by_score.items()),
        f"Keys stored: mean {found.mean_keys:.1f}, most {found.most_keys}; "
        f"looked up: mean {found.mean_probes:.0f}",
        *(f"* {kind}: {part:.3f} of {n}" for kind, (part, n) in found.recall_by_kind.items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(measure()))
