using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeBench.Kernels.Tests.Quantisation;

/// <summary>Just enough of safetensors to read golden values: length (uint64), JSON header, data.</summary>
internal sealed class Safetensors(string path)
{
    private readonly byte[] _file = File.ReadAllBytes(path);

    public byte[] Bytes(string name)
    {
        int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(_file);
        using JsonDocument json = JsonDocument.Parse(_file.AsMemory(8, header));
        JsonElement offsets = json.RootElement.GetProperty(name).GetProperty("data_offsets");
        return _file[(8 + header + offsets[0].GetInt32())..(8 + header + offsets[1].GetInt32())];
    }

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();
}
