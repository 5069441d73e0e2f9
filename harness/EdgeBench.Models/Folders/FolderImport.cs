using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Folders.Tokenizers;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Folders;

/// <summary>How a folder becomes a GGUF file.</summary>
/// <param name="Tokenizer">False leaves the tokenizer out: such a file has weights only.</param>
public sealed record ImportOptions(WeightType Type = WeightType.Stored, bool Tokenizer = true);

/// <summary>
/// A Hugging Face folder, read and checked whole: the content of a GGUF file with the names, row orders, types and keys of
/// llama.cpp's <c>convert_hf_to_gguf.py</c>.
/// </summary>
public sealed class FolderImport : IFolderContent
{
    /// <summary>Changes where the same folder gives other bytes.</summary>
    public const int Version = 1;

    private readonly SafetensorsModel _weights;
    private readonly ModelFamily _family;
    private readonly ConfigFile _config;
    private readonly List<string> _notes = [];

    private FolderImport(ModelFolder folder, SafetensorsModel weights, ImportOptions options)
    {
        _weights = weights;
        _config = ConfigFile.Read(folder.Find(ConfigFile.Name)
            ?? throw EdgeBenchException.BadInput($"no {ConfigFile.Name}", "a Hugging Face model's folder", "Name the folder with config.json and the weights.", folder.Path));
        _family = ModelFamilies.OfConfig(_config);
        _family.Check(_config);
        Tensors = [.. Extra(), .. weights.Tensors.Select(tensor => Mapped(tensor, options.Type)).OfType<GgufTensorSource>()];
        RequireComplete();
        List<KeyValuePair<string, GgufValue>> metadata = [.. General(folder), .. _family.Metadata(_config).Select(entry => KeyValuePair.Create($"{_family.Architecture}.{entry.Key}", entry.Value)), .. Types()];
        if (_family is BertFamily && PoolingFile.Read(folder) is { } pooling) metadata.Add(new("bert.pooling_type", GgufValue.From(pooling)));
        if (options.Tokenizer) metadata.AddRange(TokenizerImport.Metadata(folder, _config, _family.Architecture));
        else _notes.Add("the tokenizer is left out, as asked: text cannot be read with this file");
        Metadata = metadata;
    }

    /// <summary>Opens and checks. Throws <see cref="EdgeBenchException"/> (bad input).</summary>
    public static FolderImport Open(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelFolder folder = new(path);
        SafetensorsModel weights = SafetensorsModel.Open(folder);
        try
        {
            return new FolderImport(folder, weights, options);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; }

    public IReadOnlyList<GgufTensorSource> Tensors { get; }

    public IReadOnlyList<string> Notes => _notes;

    public string? ExpectedSha256 => null;

    public void Dispose() => _weights.Dispose();

    private IEnumerable<GgufTensorSource> Extra() => _family.ExtraTensors(_config).Select(extra =>
        new GgufTensorSource(extra.Name, GgmlType.F32, [extra.Values.Length], stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(extra.Values.AsSpan()))));

    private GgufTensorSource? Mapped(StoredTensor stored, WeightType asked)
    {
        string name = _family.Canonical(stored.Name), quoted = FileErrors.Quoted(stored.Name);
        if (_family.LeftOut(name, _config) is { } why)
        {
            if (why.Length > 0) _notes.Add(why);
            return null;
        }
        (string ggufName, TensorChange change) = new TensorNames(_family.Names).ToGguf(name)
            ?? throw EdgeBenchException.BadInput($"tensor {quoted}", $"the tensors of {_config.Architecture}", "The model has parts that this architecture does not describe.", stored.File.Path);
        SafetensorsTensor tensor = stored.Tensor;
        if (tensor.Shape.Count is 0 or > 2 || tensor.Elements == 0)
            throw EdgeBenchException.BadInput($"tensor {quoted} has the shape {tensor.ShapeText}", "one or two lengths of at least 1", "Fetch the model again.", stored.File.Path);
        GgmlType from = tensor.Dtype == SafetensorsDtype.F64 ? GgmlType.F64 : stored.File.StoredAs(tensor);
        long rowLength = tensor.Shape[^1], rows = tensor.Elements / rowLength;
        Func<long, long>? order = null;
        if (change is TensorChange.PairQueryRows or TensorChange.PairKeyRows)
        {
            // A bias is a column: its elements are reordered as rows are.
            if (tensor.Shape.Count == 1) (rows, rowLength) = (rowLength, 1);
            order = RowOrder.Paired(rows, Heads(change, rows, quoted, stored.File.Path));
        }
        int width = tensor.Dtype.Bytes();
        TensorConversion conversion = new(stored.Name, rows, rowLength, from, TargetTypes.Of(ggufName, tensor.Shape.Count, from, asked), order, change == TensorChange.AddOne ? 1 : 0);
        return new GgufTensorSource(ggufName, conversion.To, [.. tensor.Shape.Reverse()],
            stream => conversion.Write(stream, (row, count) => stored.File.Data(tensor, row * rowLength * width, checked((int)(count * rowLength * width)))));
    }

    private int Heads(TensorChange change, long rows, string quoted, string path)
    {
        int heads = _config.Int("num_attention_heads");
        int own = ModelFamily.HeadsOf(change, heads, _config.OptionalInt("num_key_value_heads") ?? heads);
        return rows % (2L * own) == 0
            ? own
            : throw EdgeBenchException.BadInput($"tensor {quoted} has {rows} rows", $"a multiple of 2 × {own} heads", "Weights and config.json do not belong together.", path);
    }

    // Two tensors may not become one, and a model needs its embedding.
    private void RequireComplete()
    {
        if (Tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw EdgeBenchException.BadInput($"two tensors become '{twice.Key}'", "each tensor once", "Fetch the model again.", _weights.Files[0].Path);
        foreach (string name in ShapeCheck.Missing(_config, _family, Tensors))
            throw EdgeBenchException.BadInput(name, $"the tensors and shapes that {ConfigFile.Name} describes", "Weights and config.json do not belong together, or files are missing.", _weights.Files[0].Path);
    }

    private IEnumerable<KeyValuePair<string, GgufValue>> General(ModelFolder folder)
    {
        yield return new("general.architecture", GgufValue.From(_family.Architecture));
        yield return new("general.type", GgufValue.From("model"));
        string name = _config.OptionalText("_name_or_path") is { Length: > 0 } given && !Path.IsPathRooted(given) ? given : Path.GetFileName(folder.Path);
        yield return new("general.name", GgufValue.From(name));
        foreach ((string key, string value) in ModelCard.Licence(folder))
            yield return new(key switch { "license_name" => "general.license.name", "license_link" => "general.license.link", _ => "general.license" }, GgufValue.From(value));
    }

    private IEnumerable<KeyValuePair<string, GgufValue>> Types()
    {
        GgmlType most = Tensors.Where(tensor => tensor.Dimensions.Count > 1).GroupBy(tensor => tensor.Type).MaxBy(group => group.Sum(tensor => tensor.Bytes))?.Key ?? GgmlType.F32;
        yield return new("general.file_type", GgufValue.From(TargetTypes.FileType(most)));
        yield return new("general.quantization_version", GgufValue.From(2u));
    }
}
