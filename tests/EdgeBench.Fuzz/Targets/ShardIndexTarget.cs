using System.Text;
using System.Text.Json;
using EdgeBench.Models.Files;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Fuzz.Targets;

/// <summary>model.safetensors.index.json: whatever a shard is called, no file outside of the folder is taken for it.</summary>
internal sealed class ShardIndexTarget : IFuzzTarget
{
    private readonly string _path;
    private readonly ModelFolder _folder;

    public ShardIndexTarget()
    {
        _path = Directory.CreateTempSubdirectory("edgebench-fuzz-").FullName;
        string inside = Path.Combine(_path, "model");
        Directory.CreateDirectory(inside);
        File.WriteAllText(Path.Combine(_path, "secret"), "outside");
        File.WriteAllText(Path.Combine(inside, "a.safetensors"), "inside");
        File.CreateSymbolicLink(Path.Combine(inside, "link"), Path.Combine(_path, "secret"));
        _folder = new ModelFolder(inside);
    }

    public string Name => "shard index";

    public IReadOnlyList<byte[]> Seeds { get; } = [Encoding.UTF8.GetBytes("""{"metadata":{"total_size":8},"weight_map":{"a":"a.safetensors","b":"a.safetensors"}}""")];

    public byte[]? Restructure(byte[] input, Random random) => JsonMutator.Mutate(input, random);

    public void Execute(byte[] input)
    {
        using JsonDocument document = BoundedJson.Parse(input, "index.json");
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object) return;
        foreach (string shard in SafetensorsModel.Shards(map, "index.json"))
        {
            if (File.ReadAllText(_folder.Named(shard, "index.json")) != "inside") throw new InvalidOperationException($"'{shard}' led out of the folder.");
        }
    }
}
