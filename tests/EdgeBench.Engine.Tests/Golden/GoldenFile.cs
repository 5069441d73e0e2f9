using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeBench.Engine.Tests.Golden;

/// <summary>Just enough of safetensors to read golden values: length (uint64), JSON header, data.</summary>
internal sealed class GoldenFile(string path)
{
    private readonly byte[] _file = File.ReadAllBytes(path);

    public IEnumerable<string> Names => Header().EnumerateObject().Select(entry => entry.Name).Where(name => name != "__metadata__");

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public int[] Integers(string name) => [.. MemoryMarshal.Cast<byte, long>(Bytes(name)).ToArray().Select(value => (int)value)];

    /// <summary>A tensor as it is stored.</summary>
    public byte[] Raw(string name) => Bytes(name).ToArray();

    private int HeaderLength => (int)BinaryPrimitives.ReadUInt64LittleEndian(_file);

    private JsonElement Header()
    {
        using JsonDocument json = JsonDocument.Parse(_file.AsMemory(8, HeaderLength));
        return json.RootElement.Clone();
    }

    private ReadOnlySpan<byte> Bytes(string name)
    {
        JsonElement offsets = Header().GetProperty(name).GetProperty("data_offsets");
        return _file.AsSpan(8 + HeaderLength + offsets[0].GetInt32(), offsets[1].GetInt32() - offsets[0].GetInt32());
    }
}
