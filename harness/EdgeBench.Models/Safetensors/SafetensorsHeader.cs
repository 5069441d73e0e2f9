using System.Buffers.Binary;
using System.Text.Json;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Files;

namespace EdgeBench.Models.Safetensors;

/// <summary>
/// A file's header, checked: tensors fill the rest of the file without holes or overlap. Format: 8 bytes of length, that many bytes of JSON, data.
/// Source: huggingface/safetensors, <c>README.md</c>, "Format".
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsTensor> Tensors)
{
    /// <summary>Bytes of JSON that are read; the largest published headers take some MB, the format's own limit is 100 MB.</summary>
    public const int Limit = 32 << 20;

    private const int LengthBytes = 8;

    private const string Damaged = "The file is damaged or cut off: fetch or convert it again.";

    public static SafetensorsHeader Read(HeaderBytes header, string path)
    {
        if (header.Length < LengthBytes) throw At(path, 0, $"the file ends after {header.Length} bytes", "the header's length, 8 bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header.At(0, LengthBytes));
        if (length > (ulong)(header.FileBytes - LengthBytes))
            throw At(path, 0, $"the header takes {length} bytes", $"at most {header.FileBytes - LengthBytes}, which the file holds after its first {LengthBytes} bytes");
        if (length > Limit) throw At(path, 0, $"the header takes {length} bytes", $"at most {Limit}");
        ReadOnlySpan<byte> json = header.At(LengthBytes, (int)length);
        if (json.Length == 0 || json[0] != (byte)'{') throw At(path, LengthBytes, "the header does not start with '{'", "a JSON object");
        SafetensorsHeaderReader reader = new(json, path);
        try
        {
            reader.Read();
        }
        catch (JsonException error)
        {
            throw At(path, LengthBytes + reader.Position, $"the header is no JSON that a safetensors file has ({FileErrors.Quoted(error.Message)})", "a JSON object of tensors");
        }
        catch (InvalidOperationException)
        {
            throw At(path, LengthBytes + reader.Position, "a text is not valid UTF-8 or holds half a surrogate pair", "Unicode text");
        }
        long start = LengthBytes + (long)length;
        RequireCover(reader.Tensors, reader.Positions, header.FileBytes - start, path);
        return new SafetensorsHeader(reader.Metadata, [.. reader.Tensors.Select(tensor => tensor with { Offset = start + tensor.Offset })]);
    }

    public static EdgeBenchException At(string path, long position, string found, string expected, string remedy = Damaged) =>
        EdgeBenchException.BadInput(found, expected, remedy, path, $"byte {position}");

    private static void RequireCover(List<SafetensorsTensor> tensors, List<long> positions, long dataBytes, string path)
    {
        long end = 0;
        string before = "the header";
        foreach (int i in Enumerable.Range(0, tensors.Count).OrderBy(i => tensors[i].Offset).ThenBy(i => tensors[i].Bytes))
        {
            SafetensorsTensor tensor = tensors[i];
            string name = FileErrors.Quoted(tensor.Name);
            long at = LengthBytes + positions[i];
            if (tensor.Bytes > dataBytes - tensor.Offset)
                throw At(path, at, $"tensor {name} ends at byte {tensor.Offset + tensor.Bytes} of the data", $"an end within the {dataBytes} bytes of data in the file");
            if (tensor.Offset < end) throw At(path, at, $"tensor {name} starts at byte {tensor.Offset} of the data and overlaps {before}", $"{end}, where the one before it ends");
            if (tensor.Offset > end) throw At(path, at, $"tensor {name} starts at byte {tensor.Offset} of the data, after a hole", $"{end}, where {before} ends");
            (end, before) = (tensor.Offset + tensor.Bytes, name);
        }
        if (end < dataBytes) throw At(path, LengthBytes, $"{dataBytes - end} bytes at the end belong to no tensor", "data that the tensors fill");
    }
}
