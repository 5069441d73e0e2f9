using System.Text;
using EdgeBench.Models.Files;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Fuzz.Targets;

/// <summary>A safetensors header, and the place of every tensor that it names.</summary>
internal sealed class SafetensorsTarget : IFuzzTarget
{
    public string Name => "safetensors";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        File("""{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""", 24),
        File("""{"__metadata__":{"format":"pt","n":"1"},"w":{"dtype":"F16","shape":[4,8],"data_offsets":[0,64]},"ids":{"dtype":"I64","shape":[1],"data_offsets":[64,72]},"scalar":{"dtype":"BOOL","shape":[],"data_offsets":[72,73]}}  """, 73),
        File("{}", 0),
    ];

    // The header's JSON is changed, its length put right, and the data left as they are.
    public byte[]? Restructure(byte[] input, Random random)
    {
        if (input.Length < 8 || BitConverter.ToInt64(input) is var length && (length < 0 || length > input.Length - 8)) return null;
        byte[]? json = JsonMutator.Mutate(input.AsSpan(8, (int)length), random);
        return json is null ? null : [.. BitConverter.GetBytes((long)json.Length), .. json, .. input[(int)(8 + length)..]];
    }

    public void Execute(byte[] input)
    {
        SafetensorsHeader header = SafetensorsHeader.Read(new HeaderBytes(input, "input.safetensors"), "input.safetensors");
        foreach (SafetensorsTensor tensor in header.Tensors)
        {
            if (tensor.Offset < 8 || tensor.Bytes < 0 || tensor.Offset > input.Length - tensor.Bytes)
                throw new InvalidOperationException($"Tensor {tensor.Name} was accepted with {tensor.Bytes} bytes at {tensor.Offset} of {input.Length}.");
        }
    }

    private static byte[] File(string json, int data)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[data]];
    }
}
