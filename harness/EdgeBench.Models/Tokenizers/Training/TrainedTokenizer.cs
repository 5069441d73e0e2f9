using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Tokenizers.HuggingFace;

namespace EdgeBench.Models.Tokenizers.Training;

/// <summary>What training found: tokens and merges, to write as Hugging Face's files or into a GGUF file.</summary>
public sealed class TrainedTokenizer
{
    private readonly BytePairTraining _training;
    private readonly byte[] _json;
    private readonly byte[] _config;

    internal TrainedTokenizer(BytePairTraining training, string[] tokens, List<(string Left, string Right)> merges)
    {
        (_training, Tokens, Merges) = (training, tokens, merges);
        int[] types = [.. Enumerable.Range(0, tokens.Length).Select(id => id < training.SpecialTokens.Count ? TokenTypes.Control : TokenTypes.Normal)];
        string? first = training.AddBos ? training.Bos : null, last = training.AddEos ? training.Eos : null;
        _json = FolderJson.Bytes(TokenizerJson.BytePairs(training.Kind, tokens, types, merges.Select(merge => $"{merge.Left} {merge.Right}"),
            first is null && last is null ? null : TokenizerJson.Template(first, last, tokens)));
        _config = FolderJson.Bytes(Config());
        Tokenizer = FolderTokenizer.FromJson(JsonPart.Parse(_json, TokenizerFiles.JsonName), JsonPart.Parse(_config, TokenizerFiles.ConfigName));
    }

    /// <summary>By id, in GPT-2's letters for bytes.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>By rank.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Ready to use.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Id of the token that fills a batch, or null.</summary>
    public int? Padding => IdOf(_training.Padding);

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, each as a whole; what was there is replaced.</summary>
    public void Write(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        AtomicFile.Write(Path.Combine(folder, TokenizerFiles.JsonName), stream => stream.Write(_json));
        AtomicFile.Write(Path.Combine(folder, TokenizerFiles.ConfigName), stream => stream.Write(_config));
    }

    /// <summary>The entries of a GGUF file for this tokenizer, as the import of its folder makes them.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> GgufMetadata()
    {
        using JsonDocument document = JsonDocument.Parse(_json);
        List<KeyValuePair<string, GgufValue>> metadata = [.. TokenizerImport.FromJson(document.RootElement, Tokens.Count, 1, TokenizerFiles.JsonName)];
        foreach ((string key, string? token) in new[] { ("bos", _training.Bos), ("eos", _training.Eos), ("padding", _training.Padding) })
        {
            if (IdOf(token) is { } id) metadata.Add(new($"tokenizer.ggml.{key}_token_id", GgufValue.From((uint)id)));
        }
        metadata.Add(new("tokenizer.ggml.add_bos_token", GgufValue.From(_training.AddBos)));
        metadata.Add(new("tokenizer.ggml.add_eos_token", GgufValue.From(_training.AddEos)));
        return metadata;
    }

    private JsonObject Config()
    {
        JsonObject config = [];
        foreach ((string name, string? token) in new[] { ("bos_token", _training.Bos), ("eos_token", _training.Eos), ("pad_token", _training.Padding) })
        {
            if (token is not null) config[name] = token;
        }
        config["add_bos_token"] = _training.AddBos;
        config["add_eos_token"] = _training.AddEos;
        config["tokenizer_class"] = "PreTrainedTokenizerFast";
        return config;
    }

    private int? IdOf(string? special)
    {
        for (int id = 0; id < _training.SpecialTokens.Count; id++)
        {
            if (_training.SpecialTokens[id] == special) return id;
        }
        return null;
    }
}
