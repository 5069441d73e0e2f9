using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Folders;

/// <summary>
/// A folder that <see cref="FolderExport"/> wrote, as the GGUF file that it came from. Weights may have been trained further; anything else that was
/// changed is refused, because <c>metadata.gguf</c> would no longer describe it.
/// </summary>
public sealed class FolderRestore : IFolderContent
{
    private readonly GgufFile _sidecar;
    private readonly SafetensorsModel _weights;
    private readonly Sidecar.Content _content;

    private FolderRestore(ModelFolder folder, GgufFile sidecar, SafetensorsModel weights)
    {
        (_sidecar, _weights, _content) = (sidecar, weights, Sidecar.Read(sidecar));
        RequireSameFiles(folder);
        Metadata = [.. Sidecar.Original(sidecar)];
        ModelFamily family = ModelFamilies.OfGguf(sidecar.Architecture, sidecar.Path);
        HashSet<string> used = new(StringComparer.Ordinal);
        Tensors = [.. _content.Tensors.Select(entry => Source(entry, family, used))];
        if (weights.Tensors.FirstOrDefault(stored => !used.Contains(stored.Name)) is { } extra) throw Edited($"tensor {FileErrors.Quoted(extra.Name)}", $"the tensors that {Sidecar.Name} lists");
        Notes = _content.Dequantised.Length > 0 ? [$"dequantised when it was exported: {_content.Dequantised}"] : [];
    }

    public static bool IsExported(string folder) => File.Exists(Path.Combine(folder, Sidecar.Name));

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) where the folder was changed since.</summary>
    public static FolderRestore Open(string path, ImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Type != WeightType.Stored)
            throw EdgeBenchException.BadInput($"type {options.Type} for a folder with {Sidecar.Name}", "type stored: the folder comes back as the file that it was", $"Remove {Sidecar.Name} to import the folder anew.", path);
        ModelFolder folder = new(path);
        GgufFile sidecar = GgufFile.Open(folder.Find(Sidecar.Name)!);
        SafetensorsModel? weights = null;
        try
        {
            weights = SafetensorsModel.Open(folder);
            return new FolderRestore(folder, sidecar, weights);
        }
        catch
        {
            sidecar.Dispose();
            weights?.Dispose();
            throw;
        }
    }

    public IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; }

    public IReadOnlyList<GgufTensorSource> Tensors { get; }

    public IReadOnlyList<string> Notes { get; }

    public string? ExpectedSha256 => _content.Sha256;

    public void Dispose()
    {
        _sidecar.Dispose();
        _weights.Dispose();
    }

    private void RequireSameFiles(ModelFolder folder)
    {
        foreach ((string name, string sha256) in _content.Files)
        {
            string path = folder.Named(name, Sidecar.Name);
            if (ContentHash.OfFile(path) != sha256) throw Edited($"'{name}' has changed", $"the file that was exported (SHA-256 {sha256})");
        }
    }

    private GgufTensorSource Source(Sidecar.Entry entry, ModelFamily family, HashSet<string> used)
    {
        GgufTensor? carried = _sidecar.Find(entry.Name);
        if (carried is not null && (carried.Type != entry.Type || !carried.Dimensions.SequenceEqual(entry.Dimensions))) throw Edited($"tensor '{entry.Name}' of {Sidecar.Name}", "its own type and dimensions");
        if (new TensorNames(family.Names).ToHuggingFace(entry.Name) is not var (name, change))
        {
            return carried is not null ? new GgufTensorSource(entry.Name, entry.Type, entry.Dimensions, stream => stream.Write(_sidecar.Data(carried)))
                : throw Edited($"tensor '{entry.Name}'", $"it in {Sidecar.Name}");
        }
        StoredTensor stored = _weights.Find(name) ?? throw Edited($"no tensor '{name}'", $"the tensors that {Sidecar.Name} lists");
        used.Add(name);
        bool blocks = entry.Type.Info().IsQuantised;
        SafetensorsDtype dtype = blocks ? SafetensorsDtype.U8 : ExportedTensor.Dtype(entry.Type);
        long[] shape = blocks ? [entry.Dimensions.Length == 2 ? entry.Dimensions[1] : 1, entry.Type.Bytes(entry.Dimensions[0])] : [.. entry.Dimensions.Reverse()];
        if (stored.Tensor.Dtype != dtype || !stored.Tensor.Shape.SequenceEqual(shape))
            throw Edited($"tensor '{name}' is {stored.Tensor.Dtype} {stored.Tensor.ShapeText}", $"{dtype} [{string.Join(", ", shape)}], as {Sidecar.Name} says");
        TensorConversion conversion = Conversion(entry, name, change);
        long rowBytes = stored.Tensor.Bytes / conversion.Rows;
        return new GgufTensorSource(entry.Name, entry.Type, entry.Dimensions, stream =>
        {
            if (carried is not null && IsUnchanged(carried, stored)) stream.Write(_sidecar.Data(carried));
            else conversion.Write(stream, (row, count) => stored.File.Data(stored.Tensor, row * rowBytes, checked((int)(count * rowBytes))));
        });
    }

    private TensorConversion Conversion(Sidecar.Entry entry, string name, TensorChange change)
    {
        long rowLength = entry.Dimensions[0], rows = entry.Dimensions.Length == 2 ? entry.Dimensions[1] : 1;
        Func<long, long>? order = null;
        if (change is TensorChange.PairQueryRows or TensorChange.PairKeyRows)
        {
            if (entry.Dimensions.Length == 1) (rows, rowLength) = (rowLength, 1);
            int heads = Heads("attention.head_count");
            int own = ModelFamily.HeadsOf(change, heads, _sidecar.Metadata.ContainsKey($"{_sidecar.Architecture}.attention.head_count_kv") ? Heads("attention.head_count_kv") : heads);
            if (rows % (2L * own) != 0) throw Edited($"tensor '{name}' has {rows} rows", $"a multiple of 2 × {own} heads");
            order = RowOrder.Paired(rows, own);
        }
        return new TensorConversion(name, rows, rowLength, entry.Type, entry.Type, order, change == TensorChange.AddOne ? 1 : 0);
    }

    private int Heads(string key) => _sidecar.Metadata.GetValueOrDefault($"{_sidecar.Architecture}.{key}")?.AsInteger() is { } heads and > 0 and <= 1 << 16
        ? (int)heads
        : throw Edited($"'{_sidecar.Architecture}.{key}' of {Sidecar.Name}", "a number of heads");

    // What the carried values export to is what the folder holds: then they, and not a rounded sum, are the original.
    private bool IsUnchanged(GgufTensor carried, StoredTensor stored)
    {
        TensorConversion conversion = new(carried.Name, 1, carried.Elements, carried.Type, carried.Type, null, -1);
        using MemoryStream exported = new();
        conversion.Write(exported, (_, _) => _sidecar.Data(carried));
        return exported.Length == stored.Tensor.Bytes && exported.GetBuffer().AsSpan(0, (int)exported.Length).SequenceEqual(stored.File.Data(stored.Tensor, 0, (int)stored.Tensor.Bytes));
    }

    private EdgeBenchException Edited(string found, string expected) => EdgeBenchException.BadInput(found, expected,
        $"The folder was edited since it was exported: undo that, or remove {Sidecar.Name} to import the folder as it is now.", _sidecar.Path);
}
