using System.Text;
using CsCheck;

namespace EdgeBench.Backends.Tests.LlamaCpp;

/// <summary>Texts that tokenizers get wrong: scripts, marks, emoji, white space, controls, runs, spelt-out special tokens, any code point.</summary>
internal static class HostileTexts
{
    private static readonly string[] s_parts =
    [
        "Hello", " world", "I'll", "'RE", "we'Ve", "don't", " 'tis", "L'été", "naïve", "café", "cafe\u0301", "straße", "ǅ", "İstanbul", "ﬁne", "x²", "½", "Ⅷ", "①",
        "нещо", " на", "Ελληνικά", "ΐ", "עברית", "العَرَبِيَّة", "हिन्दी", "বাংলা", "ไทยคำ", "កាន់តែ", "မြန်မာ", "中文字", "我想在", "日本語の", "カタカナ", "ｶﾅ", "한국어", "\u1112\u1161\u11AB", "𠀀𪜶", "ｆｕｌｌ",
        "🦙", "😶‍🌫️", "👩🏽‍💻", "🇩🇪", "✅", "𐐷𐐨", "𝔘𝔫𝔦", "𐍈", "𖹻", "𑄶", "\U0001E900", "\uE000", "\U000F0000", "\uFFFF", "\U0001F8B2", "\u1C89", "\U00011380", "\u0378", "\uFFFD", "\uFEFF", "\u200B", "\u200D", "\u00AD",
        " ", "  ", "    ", "\t", "\n", "\r\n", "\n\n", " \n", "\n ", "\u00A0", "\u2003", "\u3000", "\u2028", "\u0085", "\u1680", "\v", "\f", "\0", "\u0001", "\u007F", "\u009F", "\u001C",
        "0", "12", "345", "6789", "٣٤", "१२", "１２３", "3.14", "1,000", "2026-11-23", "_", "__init__", "->", "::", "//", "/*", "*/", "...", "!?", "``", "''", "\"", "#$%", "€", "©", "+=", "<=>", "|~^", "\\", "(", ")", "[", "]", "{}", "…", "—", "。", "，", "«", "、",
        "<s>", "</s>", "<unk>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|user|>", "<|end|>", "<start_of_turn>", "<end_of_turn>", "<bos>", "[CLS]", "[SEP]", "[MASK]", "<mask>", "<0x0A>", "▁", "▁the", "Ġ", "<｜end▁of▁sentence｜>",
        "https://example.org/a?b=c&d", "camelCaseWord", "ALLCAPS", "snake_case", "e\u0300\u0301\u0302", "\u0301", "a\u20DD", "é", "Å", "Vieết",
    ];

    private static readonly Gen<string> s_known = Gen.Int[0, s_parts.Length - 1].Select(index => s_parts[index]);

    private static readonly Gen<string> s_anyCodePoint = Gen.Int[0, 0x10FFFF].Select(value => Rune.IsValid(value) ? new Rune(value).ToString() : "\uFFFD");

    private static readonly Gen<string> s_run = Gen.Select(s_known, Gen.Int[1, 24], (part, times) => string.Concat(Enumerable.Repeat(part, times)));

    private static readonly Gen<string> s_part = Gen.Frequency((8, s_known), (2, s_anyCodePoint), (1, s_run), (2, Gen.Char[' ', '~'].Select(letter => letter.ToString())));

    public static Gen<string> Any { get; } = s_part.Array[0, 24].Select(parts => string.Concat(parts));
}
