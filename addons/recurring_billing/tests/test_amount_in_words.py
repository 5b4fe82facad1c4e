"""Totals in words: what a native reader would write on an invoice."""

from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..amount_in_words import amount_in_words

CASES = {
    "en_US": {
        ("EUR", 0): "Zero euros",
        ("EUR", 1): "One euro",
        ("EUR", 21): "Twenty-one euros",
        ("EUR", 101): "One hundred and one euros",
        ("USD", 1000): "One thousand dollars",
        ("RON", 1): "One leu",
        ("USD", 0.01): "Zero dollars and one cent",
        ("EUR", 1000000): "One million euros",
        ("EUR", 1234.56): "One thousand two hundred and thirty-four euros "
        "and fifty-six cents",
        ("EUR", -5.25): "Minus five euros and twenty-five cents",
    },
    "es_ES": {
        ("EUR", 0): "Cero euros",
        ("EUR", 1): "Un euro",
        ("EUR", 21): "Veintiún euros",
        ("EUR", 101): "Ciento un euros",
        ("EUR", 1000): "Mil euros",
        ("EUR", 21000): "Veintiún mil euros",
        ("EUR", 1000000): "Un millón de euros",
        ("RON", 2): "Dos lei",
        ("USD", 1.5): "Un dólar con cincuenta centavos",
        ("EUR", 1234.56): "Mil doscientos treinta y cuatro euros con "
        "cincuenta y seis céntimos",
        ("EUR", -5.25): "Menos cinco euros con veinticinco céntimos",
    },
    "it_IT": {
        ("EUR", 0): "Zero euro",
        ("EUR", 1): "Un euro",
        ("EUR", 21): "Ventuno euro",
        ("EUR", 101): "Centouno euro",
        ("EUR", 1000): "Mille euro",
        ("EUR", 1000000): "Un milione di euro",
        ("RON", 1.02): "Un leu e due bani",
        ("USD", 2): "Due dollari",
        ("EUR", 1234.56): "Milleduecentotrentaquattro euro e cinquantasei centesimi",
        ("EUR", -5.25): "Meno cinque euro e venticinque centesimi",
    },
    "ro_RO": {
        ("RON", 0): "Zero lei",
        ("RON", 1): "Un leu",
        ("RON", 2): "Doi lei",
        ("RON", 19): "Nouăsprezece lei",
        ("RON", 20): "Douăzeci de lei",
        ("RON", 21): "Douăzeci și unu de lei",
        ("RON", 101): "O sută unu lei",
        ("RON", 119): "O sută nouăsprezece lei",
        ("RON", 120): "O sută douăzeci de lei",
        ("RON", 1000): "O mie de lei",
        ("RON", 2012): "Două mii doisprezece lei",
        ("RON", 12000): "Douăsprezece mii de lei",
        ("RON", 21000): "Douăzeci și una de mii de lei",
        ("RON", 101000): "O sută una mii de lei",
        ("RON", 1000000): "Un milion de lei",
        ("RON", 22000000): "Douăzeci și două de milioane de lei",
        ("RON", 1234.56): "O mie două sute treizeci și patru de lei și "
        "cincizeci și șase de bani",
        ("RON", 0.01): "Zero lei și un ban",
        ("EUR", 21.21): "Douăzeci și unu de euro și douăzeci și unu de cenți",
        ("USD", 1): "Un dolar",
        ("RON", -5.25): "Minus cinci lei și douăzeci și cinci de bani",
    },
}


@tagged("post_install", "-at_install")
class TestAmountInWords(BaseCase):
    def test_languages_with_their_grammar(self):
        for language, cases in CASES.items():
            for (currency, amount), words in cases.items():
                with self.subTest(language=language, currency=currency, amount=amount):
                    self.assertEqual(amount_in_words(amount, currency, language), words)

    def test_other_languages_and_currencies_as_on_cheques(self):
        self.assertEqual(
            amount_in_words(1234.5, "EUR", "fr_FR"),
            "Mille deux cent trente-quatre EUR 50/100",
        )
        self.assertEqual(
            amount_in_words(121, "GBP", "ro_RO"),
            "O sută douăzeci și unu GBP 00/100",
        )

    def test_a_language_without_number_words_gets_english_ones(self):
        self.assertEqual(
            amount_in_words(21.5, "EUR", "nb_NO"), "Twenty-one euros and fifty cents"
        )

    def test_a_number_too_large_for_a_language_gets_english_words(self):
        words = amount_in_words(10**12, "RON", "ro_RO")
        self.assertEqual(words, "One trillion lei")

    def test_a_variant_of_a_language_shares_its_grammar(self):
        self.assertEqual(amount_in_words(21, "MXN", "es_MX"), "Veintiún pesos")

    def test_the_sign_of_less_than_one_is_kept(self):
        words = amount_in_words(-0.5, "EUR", "en_US")
        self.assertEqual(words, "Minus zero euros and fifty cents")

    def test_nothing_is_not_negative(self):
        self.assertEqual(amount_in_words(-0.001, "EUR", "en_US"), "Zero euros")

    def test_rounded_half_up_like_the_figures(self):
        words = amount_in_words(2.675, "EUR", "en_US")
        self.assertEqual(words, "Two euros and sixty-eight cents")
        self.assertEqual(amount_in_words(Decimal("0.995"), "EUR", "en_US"), "One euro")

    def test_currencies_with_other_fractions(self):
        words = amount_in_words(1.5, "BHD", "en_US", digits=3)
        self.assertEqual(words, "One BHD 500/1000")
        self.assertEqual(amount_in_words(1200, "JPY", "es_ES", 0), "Mil doscientos JPY")
