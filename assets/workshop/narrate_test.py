"""What the narration scripts promise. Run: python3 -m unittest narrate_test, in this folder."""

import tempfile
import tomllib
import unittest
from pathlib import Path

from digests import record, recorded
from lexicon import english_integer, english_year, spoken_figure
from narrate import refuse_foreign
from narrate_text import chinese_words, english_words, sentences


class Words(unittest.TestCase):
    """Figures as they are said."""

    def test_chinese_figures_are_said_as_people_say_them(self):
        cases = [
            ("1935", "年", "一九三五"),
            ("29", "日", "二十九"),
            ("12164", "个", "一万二千一百六十四"),
            ("103.67", "米", "一百零三点六七"),
            ("0.32", "米", "零点三二"),
            ("2", "米", "两"),
            ("22", "人", "二十二"),
            ("862", "至", "八百六十二"),
        ]
        for figure, unit, said in cases:
            self.assertEqual(spoken_figure(figure, unit), said)
        self.assertEqual(chinese_words("宽2米、长5米，1709年。"), "宽两米、长五米，一七零九年。")

    def test_english_figures_are_said_as_people_say_them(self):
        self.assertEqual(english_integer(12164), "twelve thousand one hundred and sixty-four")
        self.assertEqual(english_integer(103), "one hundred and three")
        self.assertEqual(english_year(1705), "seventeen oh five")
        self.assertEqual(english_words("On 29 May 1935 we"), "On the twenty-ninth of May, nineteen thirty-five, we")
        self.assertEqual(english_words("about 103.67 metres"), "about one hundred and three point six seven metres")


class Stories(unittest.TestCase):
    """Sentences, without their marks."""

    def test_a_point_inside_a_figure_ends_no_sentence(self):
        with tempfile.TemporaryDirectory() as folder:
            story = Path(folder) / "a.md"
            story.write_text("It is 2.8 metres. Is it? [tmwt attested]\n\nYes. [model conjecture]\n", "utf-8")
            found = sentences(story, "en")
        self.assertEqual([each.shown for each in found], ["It is 2.8 metres.", "Is it?", "Yes."])
        self.assertEqual([each.opens_claim for each in found], [True, False, True])
        self.assertEqual([each.opens_paragraph for each in found], [True, False, True])


class Digests(unittest.TestCase):
    """built.toml, and what keeps a person's recording safe."""

    def test_a_section_is_rewritten_and_the_others_are_left(self):
        with tempfile.TemporaryDirectory() as folder:
            site, built = Path(folder), Path(folder) / "built.toml"
            built.write_text('[models]\nscript."a.py" = "1"\n\n[narration]\noutput."old" = "2"\n', "utf-8")
            (site / "x.ogg").write_bytes(b"sound")
            record(site, "narration", [], [site / "x.ogg"])
            table = tomllib.loads(built.read_text("utf-8"))
        self.assertEqual(table["models"], {"script": {"a.py": "1"}})
        self.assertEqual(list(table["narration"]["output"]), ["x.ogg"])

    def test_a_file_that_the_script_did_not_write_is_never_overwritten(self):
        with tempfile.TemporaryDirectory() as folder:
            site, ogg = Path(folder), Path(folder) / "place.ogg"
            ogg.write_bytes(b"ours")
            record(site, "narration", [], [ogg])
            refuse_foreign(site, recorded(site, "narration")["output"], [ogg])
            ogg.write_bytes(b"a recording")
            with self.assertRaises(SystemExit):
                refuse_foreign(site, recorded(site, "narration")["output"], [ogg])


if __name__ == "__main__":
    unittest.main()
