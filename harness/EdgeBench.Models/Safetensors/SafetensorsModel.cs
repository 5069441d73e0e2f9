using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Safetensors;

/// <summary>A tensor and the file that holds it.</summary>
public sealed record StoredTensor(SafetensorsFile File, SafetensorsTensor Tensor)
{
    public string Name => Tensor.Name;
}

/// <summary>
/// The weights of a folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names.
/// </summary>
public sealed class SafetensorsModel : IDisposable
{
    public const string SingleName = "model.safetensors";

    public const string IndexName = "model.safetensors.index.json";

    private const int IndexLimit = 32 << 20;

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, StoredTensor> _byName = new(StringComparer.Ordinal);
    private readonly List<StoredTensor> _tensors = [];

    private SafetensorsModel()
    {
    }

    public IReadOnlyList<SafetensorsFile> Files => _files;

    /// <summary>Shard by shard in the order of their names, each in its header's order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    public StoredTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Opens and checks: index and shards hold the same tensors, each in one shard. Throws <see cref="EdgeBenchException"/> (bad input).
    /// </summary>
    public static SafetensorsModel Open(string folder) => Open(new ModelFolder(folder));

    internal static SafetensorsModel Open(ModelFolder folder)
    {
        SafetensorsModel model = new();
        try
        {
            if (folder.Find(SingleName) is { } single) model.Add(SafetensorsFile.Open(single));
            else if (folder.Find(IndexName) is { } index) model.AddShards(folder, index);
            else throw EdgeBenchException.BadInput("no weights", $"{SingleName} or {IndexName} in the folder", "Fetch the model's safetensors files; PyTorch's .bin files are not read.", folder.Path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Names of the shards of an index, in order; each a plain file name or refused.</summary>
    internal static IReadOnlyList<string> Shards(JsonElement weightMap, string indexPath)
    {
        SortedSet<string> shards = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in weightMap.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(entry.Name)} has no file name", "the name of its shard", "Fetch the index again.", indexPath, "weight_map");
            shards.Add(entry.Value.GetString()!);
        }
        return [.. shards];
    }

    public void Dispose()
    {
        foreach (SafetensorsFile file in _files) file.Dispose();
    }

    private void AddShards(ModelFolder folder, string indexPath)
    {
        using JsonDocument index = BoundedJson.Read(indexPath, IndexLimit);
        if (index.RootElement.ValueKind != JsonValueKind.Object || !index.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw EdgeBenchException.BadInput("no 'weight_map'", "an object that gives each tensor its shard", "Fetch the index again.", indexPath);
        foreach (string shard in Shards(map, indexPath)) Add(SafetensorsFile.Open(folder.Named(shard, IndexName)));
        foreach (StoredTensor stored in _tensors)
        {
            string? said = map.TryGetProperty(stored.Name, out JsonElement value) ? value.GetString() : null;
            if (said != Path.GetFileName(stored.File.Path))
                throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(stored.Name)} is in '{Path.GetFileName(stored.File.Path)}'",
                    $"{(said is null ? "a tensor that the index names" : $"to find it in {FileErrors.Quoted(said)}, as the index says")}", "Fetch index and shards again.", indexPath);
        }
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            if (!_byName.ContainsKey(entry.Name))
                throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(entry.Name)} is in no shard", $"it in {FileErrors.Quoted(entry.Value.GetString()!)}", "Fetch index and shards again.", indexPath);
        }
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(file);
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            StoredTensor stored = new(file, tensor);
            if (!_byName.TryAdd(tensor.Name, stored))
                throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} is also in '{Path.GetFileName(_byName[tensor.Name].File.Path)}'", "each tensor in one shard", "Fetch the shards again.", file.Path);
            _tensors.Add(stored);
        }
    }
}
