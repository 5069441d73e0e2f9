using System.Globalization;
using System.Text;

namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>The <c>decoder</c> of tokenizer.json: texts of tokens to texts that are joined.</summary>
internal static class DecoderReader
{
    private static readonly string[] s_supported = ["Sequence", "ByteLevel", "Metaspace", "WordPiece", "Replace", "ByteFallback", "Fuse", "Strip"];

    private static readonly (string From, string To)[] s_cleanup =
        [(" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re")];

    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Read(JsonPart part) => part.IsNull ? texts => [string.Join(' ', texts)] : part.Type switch
    {
        "Sequence" => Sequence(part),
        "ByteLevel" => texts => [ByteLevel(texts)],
        "Metaspace" => Metaspace(part),
        "WordPiece" => WordPiece(part["prefix"].Text() ?? "##", part["cleanup"].Flag(true)),
        "Replace" => Replace(part),
        "ByteFallback" => ByteFallback,
        "Fuse" => texts => [string.Concat(texts)],
        "Strip" => Strip(part),
        _ => throw part.Unsupported("decoder", s_supported),
    };

    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> WordPiece(string prefix, bool cleanup) => texts =>
    [
        .. texts.Select((text, index) =>
        {
            string spaced = index == 0 ? text : text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : $" {text}";
            return cleanup ? s_cleanup.Aggregate(spaced, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal)) : spaced;
        }),
    ];

    private static Func<IReadOnlyList<string>, IReadOnlyList<string>> Sequence(JsonPart part)
    {
        Func<IReadOnlyList<string>, IReadOnlyList<string>>[] steps = [.. part["decoders"].Items().Select(Read)];
        return texts => steps.Aggregate(texts, (current, step) => step(current));
    }

    private static string ByteLevel(IReadOnlyList<string> texts)
    {
        List<byte> bytes = [];
        foreach (string text in texts)
        {
            if (text.All(letter => ByteAlphabet.ByteOf(letter) >= 0)) bytes.AddRange(text.Select(letter => (byte)ByteAlphabet.ByteOf(letter)));
            else bytes.AddRange(Encoding.UTF8.GetBytes(text));
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static Func<IReadOnlyList<string>, IReadOnlyList<string>> Metaspace(JsonPart part)
    {
        string mark = part["replacement"].Letter("▁");
        bool prepended = (part["prepend_scheme"].Text() ?? (part["add_prefix_space"].Flag(true) ? "always" : "never")) != "never";
        return texts =>
        [
            .. texts.Select((text, index) =>
            {
                string own = index == 0 && prepended && text.StartsWith(mark, StringComparison.Ordinal) ? text[mark.Length..] : text;
                return own.Replace(mark, " ", StringComparison.Ordinal);
            }),
        ];
    }

    private static Func<IReadOnlyList<string>, IReadOnlyList<string>> Replace(JsonPart part)
    {
        Func<string, string> replace = TextReplacement.Read(part);
        return texts => [.. texts.Select(replace)];
    }

    private static List<string> ByteFallback(IReadOnlyList<string> texts)
    {
        List<string> output = [];
        List<byte> bytes = [];
        foreach (string text in texts)
        {
            if (ByteOf(text) is { } value)
            {
                bytes.Add(value);
                continue;
            }
            Flush(bytes, output);
            output.Add(text);
        }
        Flush(bytes, output);
        return output;
    }

    // Bytes that are no UTF-8 become one U+FFFD each.
    private static void Flush(List<byte> bytes, List<string> output)
    {
        if (bytes.Count == 0) return;
        byte[] all = [.. bytes];
        output.Add(System.Text.Unicode.Utf8.IsValid(all) ? Encoding.UTF8.GetString(all) : new string('\uFFFD', all.Length));
        bytes.Clear();
    }

    private static byte? ByteOf(string text) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
        && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : null;

    private static Func<IReadOnlyList<string>, IReadOnlyList<string>> Strip(JsonPart part)
    {
        if (part["content"].Text() is not { Length: 1 } letter) throw part["content"].Refused("not one letter", "the letter that is stripped");
        int start = part["start"].Integer() ?? 0, stop = part["stop"].Integer() ?? 0;
        return texts => [.. texts.Select(text =>
        {
            int from = 0, to = text.Length;
            while (from < Math.Min(start, text.Length) && text[from] == letter[0]) from++;
            while (to > from && text.Length - to < stop && text[to - 1] == letter[0]) to--;
            return text[from..to];
        })];
    }
}
