using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Folders.Tokenizers;

/// <summary>The vocabulary of tokenizer.json: <c>model.vocab</c> (text to id) with <c>added_tokens</c>.</summary>
internal static class JsonVocabulary
{
    /// <param name="declared">Tokens that config.json says, or null for as many as there are.</param>
    /// <param name="stored">Text and type of a token as GGUF keeps them; the second argument is null for a token that was not added.</param>
    public static Vocabulary Read(JsonElement tokenizer, JsonElement model, int? declared, string path, Func<string, AddedToken?, (string Text, int Type)> stored)
    {
        if (!model.TryGetProperty("vocab", out JsonElement vocab) || vocab.ValueKind != JsonValueKind.Object)
            throw EdgeBenchException.BadInput("no vocabulary", "an object of tokens and ids", "Fetch the file again.", path, "model.vocab");
        List<(int Id, string Text)> own = [];
        foreach (JsonProperty entry in vocab.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0)
                throw EdgeBenchException.BadInput($"token {FileErrors.Quoted(entry.Name)} has the id {FileErrors.Quoted(entry.Value.GetRawText())}", "a whole number of 0 or more", "Fetch the file again.", path, "model.vocab");
            own.Add((id, entry.Name));
        }
        IReadOnlyList<AddedToken> added = AddedToken.Of(tokenizer, path);
        int largest = own.Select(token => token.Id).Concat(added.Select(token => token.Id)).DefaultIfEmpty(-1).Max();
        // A gap takes memory for every id in it: without a word of config.json, a few tokens may not ask for a million.
        if (declared is null && largest > 1024 + (2L * (own.Count + added.Count)))
            throw EdgeBenchException.BadInput($"ids up to {largest} for {own.Count + added.Count} tokens", "ids without large gaps", "Fetch the file again.", path, "model.vocab");
        int count = declared ?? Math.Max(0, Math.Min(largest, int.MaxValue - 1) + 1);
        if (largest >= count || count is 0 or > Vocabulary.Limit)
            throw EdgeBenchException.BadInput($"ids up to {largest} with a vocabulary of {count}", $"ids below it, and at most {Vocabulary.Limit} tokens", "Tokenizer and config.json do not belong together.", path, "model.vocab");
        Vocabulary vocabulary = new(count);
        foreach ((int id, string text) in own)
        {
            if (vocabulary.Has(id)) throw Twice(id, vocabulary.Text(id), text, path);
            (string kept, int type) = stored(text, null);
            vocabulary.Set(id, kept, type, 0);
        }
        Dictionary<int, string> texts = own.ToDictionary(token => token.Id, token => token.Text);
        HashSet<int> seen = [];
        foreach (AddedToken token in added)
        {
            if (!seen.Add(token.Id) || (texts.TryGetValue(token.Id, out string? known) && known != token.Text))
                throw Twice(token.Id, texts.GetValueOrDefault(token.Id) ?? vocabulary.Text(token.Id), token.Text, path);
            (string kept, int type) = stored(token.Text, token);
            vocabulary.Set(token.Id, kept, type, 0);
        }
        return vocabulary;
    }

    private static EdgeBenchException Twice(int id, string first, string second, string path) =>
        EdgeBenchException.BadInput($"id {id} is {FileErrors.Quoted(first)} and {FileErrors.Quoted(second)}", "one token for an id", "Fetch the file again.", path, "model.vocab");
}
