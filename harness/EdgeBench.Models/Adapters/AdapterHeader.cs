using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Adapters;

/// <summary>What an adapter's GGUF file is, read from its header alone. The formats: README.md of this folder.</summary>
public abstract class AdapterHeader
{
    public const string TypeKey = "adapter.type", VersionKey = "edgebench.adapter.version";

    /// <summary>Of the kinds that are EdgeBench's own.</summary>
    public const int Version = 1;

    internal const string Again = "Convert the adapter again.", OtherBase = "Use the adapter's own base model.";

    private protected AdapterHeader(GgufOutline file) => (File, Architecture) = (file, file.Architecture);

    public abstract AdapterKind Kind { get; }

    /// <summary>GGUF's name of the base model's architecture.</summary>
    public string Architecture { get; }

    /// <summary>Positions that it takes before each text.</summary>
    public virtual int VirtualTokens => 0;

    /// <summary>Elements of all tensors: what was trained.</summary>
    public long Parameters => File.Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Bytes of all tensors as they are stored.</summary>
    public long Bytes => File.Tensors.Sum(tensor => tensor.Bytes);

    private protected GgufOutline File { get; }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for what is no adapter.</summary>
    public static AdapterHeader Of(GgufFile file) => Of(GgufOutline.Of(file));

    /// <summary>The same of a file that is not written yet.</summary>
    public static AdapterHeader Of(GgufOutline file)
    {
        if (!IsAdapter(file)) throw EdgeBenchException.BadInput("the file is no adapter", "'general.type' adapter", "Convert it with 'edgebench models convert', or give it as the model.", file.Path);
        string type = Text(file, TypeKey) ?? "";
        return Array.Find(Enum.GetValues<AdapterKind>(), kind => NameOf(kind) == type) switch
        {
            AdapterKind.Prompt => new PromptHeader(file),
            AdapterKind.Prefix => new PrefixHeader(file),
            AdapterKind.Bottleneck => new BottleneckHeader(file),
            _ when type == NameOf(AdapterKind.Lora) => LoraHeader.Of(file),
            _ => throw EdgeBenchException.BadInput($"'{TypeKey}' is '{type}'", $"one of {string.Join(", ", Names)}", Nearest.Question(type, Names), file.Path),
        };
    }

    /// <summary>Whether a file says that it is one.</summary>
    public static bool IsAdapter(GgufFile file) => IsAdapter(GgufOutline.Of(file));

    /// <summary><c>adapter.type</c> of a kind.</summary>
    public static string NameOf(AdapterKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>
    /// Throws <see cref="EdgeBenchException"/> (bad input) where it is another model's: of another architecture, for parts that are not there, or of other shapes.
    /// </summary>
    public void Check(GgufFile model) => Check(GgufOutline.Of(model));

    /// <summary>The same of a file that is not written yet.</summary>
    public void Check(GgufOutline model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Architecture != model.Architecture) throw Bad($"an adapter of '{Architecture}'", $"one of '{model.Architecture}'", OtherBase);
        CheckTensors(model);
    }

    private protected abstract void CheckTensors(GgufOutline model);

    private protected static IEnumerable<string> Names => Enum.GetValues<AdapterKind>().Select(NameOf);

    private protected static string? Text(GgufOutline file, string key) => file.Metadata.GetValueOrDefault(key)?.AsText();

    private protected void RequireVersion()
    {
        if (File.Metadata.GetValueOrDefault(VersionKey)?.AsInteger() is not Version)
            throw Bad($"'{VersionKey}' is {File.Metadata.GetValueOrDefault(VersionKey)?.ToString() ?? "missing"}", $"{Version}", "Convert the adapter with this edgebench.");
        if (File.Tensors.Count == 0) throw Bad("an adapter without tensors", "those of its kind", Again);
        foreach (TensorOutline tensor in File.Tensors) RequireReadable(tensor);
    }

    private protected void RequireReadable(TensorOutline tensor)
    {
        if (!TensorCodec.CanDecode(tensor.Type)) throw Bad($"'{tensor.Name}' of type {tensor.Type.Info().Name}", "a type that can be read, such as F16", Again);
        if (tensor.Dimensions.Count > 2 || tensor.Elements > Array.MaxLength) throw Bad($"'{tensor.Name}' of {string.Join(" x ", tensor.Dimensions)} elements", "a matrix of less than 2^31", Again);
    }

    private protected EdgeBenchException Bad(string offender, string expected, string remedy) => EdgeBenchException.BadInput(offender, expected, remedy, File.Path);

    private static bool IsAdapter(GgufOutline file) => Text(file, "general.type") == "adapter";
}
