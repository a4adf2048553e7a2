"""Composes names of invented companies and people from syllables, so that none is taken from life."""

from random import Random

from references.text import fold_name

_HEADS = "Val Tor Bre Quo Zel Fen Lor Ard Pel Sund Dro Kyr Ost Wren Nim Obs Cor Mav Tal Ulv Gry Hes Jor Rav".split()
_MIDDLES = "a en i o ul er an em ".split(" ")
_TAILS = "dora vex lund mere tis qua nell brook sta rin gate wick ova thas lio dane mont fax rell".split()

_FIRST: dict[str, str] = {
    "english": "Alice Ben Carla Daniel Ellen Frank Grace Harold Imogen Jack Karen Liam Megan Nathan Olivia Peter "
    "Rachel Simon Tessa Victor Wendy Aaron Bridget Colin Denise Erin Graham Holly Ian Joanna",
    "german": "Anke Bernd Carola Dieter Elke Florian Gisela Holger Inga Jens Katrin Lars Miriam Norbert Petra Rolf "
    "Sabine Torsten Ulrike Volker Yvonne Stefan Heike Matthias",
    "nordic": "Astrid Bjarne Camilla Daniel Elin Fredrik Gunilla Henrik Ida Jonas Karin Lasse Maja Nils Pernille "
    "Rasmus Signe Tore Ulla Viktor",
    "finnish": "Aino Eero Hanna Ilkka Jaana Kari Leena Mikko Noora Olli Päivi Risto Sanna Timo",
    "dutch": "Anouk Bram Cees Daan Els Femke Gijs Hanneke Ilse Joost Karin Luuk Marloes Niels Roos Sjoerd Tess Wouter",
    "french": "Agathe Bastien Camille Damien Élodie Fabrice Hélène Julien Karine Laurent Margaux Nicolas Odile Pascal "
    "Sandrine Thibault",
    "spanish": "Alba Bruno Carmen Diego Elena Fernando Gloria Hugo Inés Javier Lucía Marcos Nuria Óscar Pilar Raúl "
    "Sofía Tomás",
    "italian": "Alessia Bruno Chiara Dario Elisa Fabio Giulia Ivan Laura Marco Noemi Paolo Rita Sandro",
    "polish": "Agata Bartosz Dorota Filip Grażyna Jakub Kinga Łukasz Magda Norbert Ola Piotr Renata Szymon",
    "portuguese": "Ana Bruno Carla Diogo Elisa Fábio Helena Igor Joana Leandro Marta Nuno Paula Renato",
    "indian": "Aarti Bhavesh Chitra Deepak Esha Girish Hema Ishan Jaya Kiran Lata Mohan Nisha Prakash Rekha Sanjay",
    "chinese": "Ai Bo Chen Dan Fang Hui Jia Kai Lan Mei Ning Qi Rui Shan Ting Wei",
    "arabic": "Amal Bilal Dalia Faris Hana Idris Jamila Karim Layla Majid Nadia Omar Rania Salim",
    "japanese": "Akari Daichi Emi Fumio Hana Isamu Junko Kenji Mio Naoki Reiko Satoru Tomoko Yuta",
}
_LAST: dict[str, tuple[str, str]] = {
    "english": ("Ash Brad Cran Dun El Far Hart Kel Lang Mar Nor Pem Rad Stan Thorn Whit Wex Hol",
                "bury dale field ford gate ham ley low more ridge shaw stead ton wick worth"),
    "german": ("Brenn Dorn Eich Feld Grau Holz Kalt Lind Moos Reh Stein Tann Wald Wies Zorn",
               "acker bauer berger hofer mann müller ner rath reuter stedt thal wieser"),
    "nordic": ("Alm Berg Dal Ek Fors Gran Holm Lind Nord Sand Sjö Sten Vik Ås", ("by dahl gren kvist lund mark quist "
               "ström svik vang")),
    "finnish": ("Aho Haapa Joki Kallio Lehto Niemi Puro Salo Suo Vuori", "nen la maa ranta harju korpi"),
    "dutch": ("van der Born|van den Dijk|de Groot|van Hol|ter Linden|van Mees|de Wael|van Rijn|van Olden|de Vries",
              "hof|veld|huis|man|berg|kamp|stra|water"),
    "french": ("Beau Bel Char Clair Dur Font Gran Mar Mont Per Roch Val", ("bois champ court din mont neuve pierre ray "
               "rier vaux")),
    "spanish": ("Alba Bel Casta Fuen Gal Mar Mon Olm Pal Riv Sal Val", ("ñedo cedo lejos nares mora rera teros verde "
                "villa zabal")),
    "italian": ("Bel Cap Fer Gal Mar Mon Ros Sal Tor Val", "andri belli cetti donato lini menti netti relli simo vani"),
    "polish": ("Bor Dąb Gra Jas Kal Leś Mal Now Sos Wil", "bicki czak ewicz icki kowska niak orska owicz ski szczyk"),
    "portuguese": ("Alv Bar Cor Fer Mat Mour Oliv Ped Sou Vil", "adeiro ares eira elhas inho osa rosa ude"),
    "indian": ("Agni Bhar Chan Dev Gan Hari Kul Man Nar Raj Sri Var", ("dekar gavi kar kumari las math nani puri tavi "
               "wal")),
    "chinese": ("Ang Choo Feng Goh Heng Kwek Liang Ong Seah Teng", " "),
    "arabic": ("Al-Bad Al-Far Al-Haz Al-Kar Al-Maj Al-Nas Al-Rash Al-Sab Al-Tam", "awi eeri imi oun rani souri wani"),
    "japanese": ("Aka Fuji Hana Ishi Kuro Mori Naga Oka Taka Yama", ("bashi gawa hara kubo mine moto saki shima "
                 "taki zawa")),
}  # fmt: skip


def make_company_name(rng: Random, endings: tuple[str, ...], taken: set[str]) -> tuple[str, str]:
    """Compose a company's name and its bare stem ("Torendane Bank", "torendane"), both unlike any in `taken`."""
    while True:
        stem = rng.choice(_HEADS) + rng.choice(_MIDDLES) + rng.choice(_TAILS)
        folded = fold_name(stem)
        if folded not in taken:
            taken.add(folded)
            return f"{stem} {rng.choice(endings)}".strip(), folded


def make_person_name(rng: Random, culture: str, taken: set[str]) -> str:
    """Compose a person's name of one culture, unlike any in `taken` (folded)."""
    heads, tails = _LAST[culture]
    separator = "|" if "|" in heads else " "
    while True:
        surname = rng.choice(heads.split(separator)) + rng.choice(tails.split(separator))
        name = f"{rng.choice(_FIRST[culture].split())} {surname}".strip()
        if fold_name(name) not in taken:
            taken.add(fold_name(name))
            return name
