namespace EdgeBench.Models.Tokenizers.HuggingFace;

/// <summary>Ids that the <c>post_processor</c> of tokenizer.json puts before and after a single text.</summary>
internal sealed record PostProcessor(int[] Before, int[] After)
{
    private static readonly string[] s_supported = ["Sequence", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel"];

    public static PostProcessor None { get; } = new([], []);

    public static PostProcessor Read(JsonPart part) => part.IsNull ? None : part.Type switch
    {
        "Sequence" => part["processors"].Items().Select(Read).Aggregate(None, (inner, outer) => new([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After])),
        "TemplateProcessing" => Template(part),
        "BertProcessing" or "RobertaProcessing" => new([PairedId(part["cls"])], [PairedId(part["sep"])]),
        // It only trims offsets.
        "ByteLevel" => None,
        _ => throw part.Unsupported("post-processor", s_supported),
    };

    private static PostProcessor Template(JsonPart part)
    {
        List<int> before = [], after = [];
        bool seen = false;
        foreach (JsonPart piece in part["single"].Items())
        {
            JsonPart special = piece["SpecialToken"];
            if (special.IsNull)
            {
                if (piece["Sequence"]["id"].Text() != "A" || seen) throw piece.Refused("not one text between special tokens", "the sequence A once");
                seen = true;
                continue;
            }
            string name = special["id"].Text() ?? "";
            foreach (JsonPart id in part["special_tokens"][name]["ids"].Items())
                (seen ? after : before).Add(id.Integer() is >= 0 and int token ? token : throw id.Refused("no token id", "a token id"));
        }
        if (!seen) throw part["single"].Refused("a template without a text", "the sequence A once");
        return new([.. before], [.. after]);
    }

    private static int PairedId(JsonPart part)
    {
        JsonPart[] pair = [.. part.Items()];
        return pair.Length == 2 && pair[1].Integer() is >= 0 and int id ? id : throw part.Refused("no token with its id", "[token, id]");
    }
}
