using System.Text.Json.Nodes;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Folders;

/// <summary>How a GGUF file becomes a folder.</summary>
/// <param name="Type">Type of weights; <see cref="WeightType.Stored"/> keeps float types and makes F32 of quantised ones.</param>
/// <param name="KeepBlocks">Quantised tensors are stored as their blocks (U8), for the way back alone: no other program reads them.</param>
/// <param name="ShardBytes">Weights in a file at most.</param>
public sealed record ExportOptions(WeightType Type = WeightType.Stored, bool KeepBlocks = false, long ShardBytes = 5_000_000_000);

/// <summary>
/// A GGUF file as a Hugging Face folder: config.json, safetensors, the tokenizer where its files are exact, and <c>metadata.gguf</c>, with which the way
/// back gives the same file, byte for byte, unless weights were dequantised or changed in type.
/// </summary>
public sealed class FolderExport
{
    private readonly GgufFile _file;
    private readonly ExportOptions _options;
    private readonly List<ExportedTensor> _tensors = [];

    /// <summary>Reads and checks. Throws <see cref="EdgeBenchException"/> (bad input) for an architecture or tensor that a folder has no place for.</summary>
    public FolderExport(GgufFile file, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        (_file, _options) = (file, options);
        ModelFamily family = ModelFamilies.OfGguf(file.Architecture, file.Path);
        ModelArchitecture architecture = GgufArchitecture.Of(file);
        foreach (GgufTensor tensor in file.Tensors) _tensors.Add(ExportedTensor.Of(file, tensor, family, architecture, options));
        Config = ConfigJson(family, architecture);
        Tokenizer = TokenizerExport.Of(file);
        Notes = [.. NotesOf()];
    }

    /// <summary>What a user should know, one line each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether the way back gives the same bytes.</summary>
    public bool IsLossless => _tensors.All(tensor => tensor.Back == tensor.Source.Type);

    private JsonObject Config { get; }

    private ExportedTokenizer Tokenizer { get; }

    /// <summary>Bytes of all weights that will be written.</summary>
    public long Bytes => _tensors.Sum(tensor => tensor.Stored?.Bytes ?? 0);

    /// <summary>Writes the folder, whole or not at all. Throws <see cref="EdgeBenchException"/> where it exists and <paramref name="force"/> is not set.</summary>
    public void Write(string folder, bool force) => AtomicFolder.Write(folder, force, temporary =>
    {
        List<(string Name, string Sha256)> files = [];
        foreach ((string name, byte[] content) in (IEnumerable<(string, byte[])>)[(ConfigFile.Name, FolderJson.Bytes(Config)), .. Tokenizer.Files])
        {
            string path = Path.Combine(temporary, name);
            AtomicFile.Write(path, stream => stream.Write(content));
            files.Add((name, ContentHash.OfFile(path)));
        }
        Dictionary<string, string> metadata = new() { ["format"] = "pt" };
        foreach (ExportedTensor tensor in _tensors.Where(tensor => tensor.IsBlocks)) metadata[$"ggml_type.{tensor.Stored!.Name}"] = tensor.Source.Type.Info().Name;
        SafetensorsWriter.WriteFolder(temporary, [.. _tensors.Select(tensor => tensor.Stored).OfType<SafetensorsSource>()], metadata, _options.ShardBytes);
        Sidecar.Content sidecar = new([.. _tensors.Select(tensor => new Sidecar.Entry(tensor.Source.Name, tensor.Back, [.. tensor.Source.Dimensions]))], files,
            IsLossless ? ContentHash.OfFile(_file.Path) : null, Dequantised());
        GgufWriter.Write(Path.Combine(temporary, Sidecar.Name), Sidecar.Metadata(OwnMetadata(), sidecar), [.. _tensors.Where(tensor => tensor.IsCarried).Select(Carried)]);
    });

    private GgufTensorSource Carried(ExportedTensor tensor) =>
        new(tensor.Source.Name, tensor.Source.Type, tensor.Source.Dimensions, stream => stream.Write(_file.Data(tensor.Source)));

    // A file of other types says so in its own metadata.
    private IEnumerable<KeyValuePair<string, GgufValue>> OwnMetadata()
    {
        if (IsLossless) return _file.Metadata;
        GgmlType most = _tensors.Where(tensor => tensor.Source.Dimensions.Count > 1).GroupBy(tensor => tensor.Back).MaxBy(group => group.Sum(tensor => tensor.Source.Elements))?.Key ?? GgmlType.F32;
        return _file.Metadata.Select(entry => entry.Key == "general.file_type" ? KeyValuePair.Create(entry.Key, GgufValue.From(TargetTypes.FileType(most))) : entry);
    }

    private string Dequantised() => string.Join(", ", _tensors.Where(tensor => tensor.Back != tensor.Source.Type && tensor.Source.Type.Info().IsQuantised)
        .GroupBy(tensor => tensor.Source.Type).OrderBy(group => group.Key).Select(group => $"{group.Key} ({group.Count()} tensors)"));

    private IEnumerable<string> NotesOf()
    {
        foreach (var group in _tensors.Where(tensor => tensor.Back != tensor.Source.Type).GroupBy(tensor => (tensor.Source.Type, tensor.Back)).OrderBy(group => group.Key))
            yield return $"{group.Count()} tensors of {group.Key.Type} {(group.Key.Type.Info().IsQuantised ? "dequantised" : "changed")} to {group.Key.Back}: the way back gives {group.Key.Back}";
        int blocks = _tensors.Count(tensor => tensor.IsBlocks);
        if (blocks > 0) yield return $"{blocks} tensors kept as blocks (U8): EdgeBench reads them back, no other program does";
        yield return $"tokenizer: {Tokenizer.Note}";
        if (IsLossless && (_file.Version != 3 || GgufWriter.Measure(_file.Metadata, [.. _file.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions, _ => { }))]) != _file.FileBytes))
            yield return $"the file is version {_file.Version} or laid out otherwise than is written here: the way back gives the same metadata and tensors, not the same bytes";
    }

    private JsonObject ConfigJson(ModelFamily family, ModelArchitecture architecture)
    {
        JsonObject config = new() { ["architectures"] = new JsonArray(family.Classes[0]), ["model_type"] = family.ModelType };
        foreach ((string key, JsonNode? value) in family.Config(architecture, _file)) config[key] = value?.DeepClone();
        foreach ((string key, string name) in new[] { ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("padding", "pad_token_id") })
            config[name] = _file.Metadata.GetValueOrDefault($"tokenizer.ggml.{key}_token_id")?.AsInteger();
        SafetensorsDtype most = _tensors.Where(tensor => tensor.Stored is not null && tensor.Source.Dimensions.Count > 1).GroupBy(tensor => tensor.Stored!.Dtype).MaxBy(group => group.Sum(tensor => tensor.Stored!.Bytes))?.Key ?? SafetensorsDtype.F32;
        config["torch_dtype"] = most switch { SafetensorsDtype.F16 => "float16", SafetensorsDtype.BF16 => "bfloat16", SafetensorsDtype.U8 => "uint8", _ => "float32" };
        return config;
    }
}
