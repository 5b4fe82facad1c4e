"""Amounts of money in words, as they stand under the total. Pure: no Odoo, no clock.

Number words come from num2words. It knows nothing of the noun that follows, and its
amounts of money fail for much of Romanian and Italian; so the nouns, and the rules
between number and noun, stand here for four languages. For other languages and
currencies the amount takes the form of a cheque, which needs no grammar: words,
currency code, hundredths in figures.
"""

from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

#: What needs no grammar is told in this language where num2words lacks the other one.
FALLBACK = "en_US"


class Grammar:
    """How a language names amounts of money.

    ``nouns`` are ``(one, many)`` for a currency's unit and for its hundredth. All of
    them are masculine in their language.
    """

    one = "one"
    joiner = "and"
    of = ""
    nouns = {}

    def __init__(self, language):
        self.language = language

    def spell(self, number):
        """Number words as they stand alone."""
        return num2words(number, lang=self.language)

    def count(self, number):
        """Number words as they stand before a noun."""
        return self.spell(number)

    def needs_of(self, number):
        """Whether the language says "of" between this number and its noun."""
        return False

    def get_minus(self):
        return self.spell(-1).removesuffix(self.spell(1)).strip()

    def name(self, number, forms):
        """So many things, e.g. "douăzeci și unu de lei"."""
        if number == 1:
            return f"{self.one} {forms[0]}"
        of = f"{self.of} " if self.needs_of(number) else ""
        return f"{self.count(number)} {of}{forms[1]}"


class English(Grammar):
    nouns = {
        "EUR": (("euro", "euros"), ("cent", "cents")),
        "GBP": (("pound", "pounds"), ("penny", "pence")),
        "MXN": (("peso", "pesos"), ("centavo", "centavos")),
        "RON": (("leu", "lei"), ("ban", "bani")),
        "USD": (("dollar", "dollars"), ("cent", "cents")),
    }

    def count(self, number):
        return self.spell(number).replace(",", "")


class Spanish(Grammar):
    one = "un"
    joiner = "con"
    of = "de"
    nouns = {
        "EUR": (("euro", "euros"), ("céntimo", "céntimos")),
        "MXN": (("peso", "pesos"), ("centavo", "centavos")),
        "RON": (("leu", "lei"), ("ban", "bani")),
        "USD": (("dólar", "dólares"), ("centavo", "centavos")),
    }
    #: "Uno" is shortened before a noun; "mil" and "millones" are nouns, too.
    short = {"uno": "un", "veintiuno": "veintiún"}

    def count(self, number):
        return " ".join(self.short.get(w, w) for w in self.spell(number).split())

    def needs_of(self, number):
        return number > 0 and number % 10**6 == 0


class Italian(Grammar):
    one = "un"
    joiner = "e"
    of = "di"
    nouns = {
        "EUR": (("euro", "euro"), ("centesimo", "centesimi")),
        "RON": (("leu", "lei"), ("ban", "bani")),
        "USD": (("dollaro", "dollari"), ("centesimo", "centesimi")),
    }

    def needs_of(self, number):
        return number > 0 and number % 10**6 == 0


class Romanian(Grammar):
    one = "un"
    joiner = "și"
    of = "de"
    nouns = {
        "EUR": (("euro", "euro"), ("cent", "cenți")),
        "RON": (("leu", "lei"), ("ban", "bani")),
        "USD": (("dolar", "dolari"), ("cent", "cenți")),
    }
    #: Value, one, many, and how the numeral before them ends: "mie" is feminine, the
    #: others are neuter, which counts one as a masculine and two as a feminine.
    scales = (
        (
            10**9,
            "un miliard",
            "miliarde",
            {"doi": "două", "doisprezece": "douăsprezece"},
        ),
        (
            10**6,
            "un milion",
            "milioane",
            {"doi": "două", "doisprezece": "douăsprezece"},
        ),
        (
            10**3,
            "o mie",
            "mii",
            {"unu": "una", "doi": "două", "doisprezece": "douăsprezece"},
        ),
    )

    def needs_of(self, number):
        """119 lei, but 120 de lei: from 20 on, unless the end is 1 to 19."""
        return number > 0 and not 0 < number % 100 < 20

    def count(self, number):
        """
        :raises OverflowError: from a thousand thousand millions on
        """
        if number >= 10**12:
            raise OverflowError(number)
        parts, rest = [], number
        for value, one, many, endings in self.scales:
            quantity, rest = divmod(rest, value)
            if quantity == 1:
                parts.append(one)
            elif quantity:
                of = f"{self.of} " if self.needs_of(quantity) else ""
                parts.append(f"{self._count_hundreds(quantity, endings)} {of}{many}")
        if rest or not number:
            parts.append(self._count_hundreds(rest, {}))
        return " ".join(parts)

    def _count_hundreds(self, number, endings):
        *words, last = self.spell(number).split()
        return " ".join([*words, endings.get(last, last)])


GRAMMARS = {"en": English, "es": Spanish, "it": Italian, "ro": Romanian}


def amount_in_words(amount, currency, language, digits=2):
    """An amount in words, with a capital letter, and never without its fraction.

    :param amount: float or Decimal, in ``currency``; rounded half up
    :param str currency: ISO 4217 code
    :param str language: locale as Odoo writes it, e.g. ``ro_RO``; English words where
        num2words does not know the language or so large a number in it
    :param int digits: decimal places of the currency
    :rtype: str
    """
    exact = Decimal(repr(amount)) if isinstance(amount, float) else Decimal(amount)
    places = Decimal(1).scaleb(-digits)
    exact = exact.quantize(places, rounding=ROUND_HALF_UP)
    whole, fraction = divmod(int(abs(exact).scaleb(digits)), 10**digits)
    try:
        words = _say(whole, fraction, currency, _get_grammar(language), digits)
        minus = _get_grammar(language).get_minus()
    except (NotImplementedError, OverflowError):
        return amount_in_words(amount, currency, FALLBACK, digits)
    words = f"{minus} {words}" if exact < 0 else words
    return words[:1].upper() + words[1:]


def _get_grammar(language):
    return GRAMMARS.get(language[:2], Grammar)(language)


def _say(whole, fraction, currency, grammar, digits):
    if currency in grammar.nouns and digits == 2:
        units, hundredths = grammar.nouns[currency]
        words = grammar.name(whole, units)
        if fraction:
            words += f" {grammar.joiner} {grammar.name(fraction, hundredths)}"
        return words
    words = f"{grammar.count(whole)} {currency}"
    if digits:
        words += f" {fraction:0{digits}}/{10**digits}"
    return words
