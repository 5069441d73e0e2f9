using System.Runtime.InteropServices;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Files;
using EdgeBench.Models.Folders.Families;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Safetensors;

namespace EdgeBench.Models.Folders;

/// <summary>A GGUF tensor on its way into a folder.</summary>
/// <param name="Stored">What is written among the weights, or null where a folder has no place for it.</param>
/// <param name="Back">Type that the way back gives it.</param>
/// <param name="IsBlocks">Whether <paramref name="Stored"/> holds quantised blocks.</param>
/// <param name="IsCarried">Whether its bytes also go into <c>metadata.gguf</c>, because <paramref name="Stored"/> cannot give them back.</param>
internal sealed record ExportedTensor(GgufTensor Source, SafetensorsSource? Stored, GgmlType Back, bool IsBlocks, bool IsCarried)
{
    public static ExportedTensor Of(GgufFile file, GgufTensor tensor, ModelFamily family, ModelArchitecture architecture, ExportOptions options)
    {
        if (tensor.Name.StartsWith("rope_", StringComparison.Ordinal)) return new ExportedTensor(tensor, null, tensor.Type, IsBlocks: false, IsCarried: true);
        (string name, TensorChange change) = new TensorNames(family.Names).ToHuggingFace(tensor.Name)
            ?? throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)}", $"the tensors of {family.Classes[0]}", "Keep the model as GGUF.", file.Path);
        if (tensor.Dimensions.Count > 2)
            throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} has {tensor.Dimensions.Count} dimensions", "one or two", "Keep the model as GGUF.", file.Path);
        bool blocks = options.KeepBlocks && tensor.Type.Info().IsQuantised;
        GgmlType back = blocks ? tensor.Type : Target(file, tensor, options.Type);
        TensorConversion conversion = ConversionOf(tensor, change, architecture, back);
        SafetensorsSource stored = blocks
            ? new SafetensorsSource(name, SafetensorsDtype.U8, [tensor.Rows, tensor.Type.Bytes(tensor.RowLength)], stream => conversion.Write(stream, Rows(file, tensor)))
            : new SafetensorsSource(name, Dtype(back), [.. tensor.Dimensions.Reverse()], stream => conversion.Write(stream, RowsOf(file, tensor, conversion)));
        return new ExportedTensor(tensor, stored, back, blocks, IsCarried: change == TensorChange.AddOne && back == tensor.Type && !SurvivesShift(file, tensor));
    }

    /// <summary>How a folder's tensor is made of the GGUF one.</summary>
    public static TensorConversion ConversionOf(GgufTensor tensor, TensorChange change, ModelArchitecture architecture, GgmlType to)
    {
        (long rows, long rowLength) = (tensor.Rows, tensor.RowLength);
        Func<long, long>? order = null;
        if (change is TensorChange.PairQueryRows or TensorChange.PairKeyRows)
        {
            if (tensor.Dimensions.Count == 1) (rows, rowLength) = (rowLength, 1);
            int heads = ModelFamily.HeadsOf(change, architecture.Heads, architecture.KvHeads);
            if (rows % (2L * heads) != 0) throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} has {rows} rows", $"a multiple of 2 × {heads} heads", "Fetch or convert the file again.");
            order = RowOrder.Unpaired(rows, heads);
        }
        return new TensorConversion(tensor.Name, rows, rowLength, tensor.Type, to, order, change == TensorChange.AddOne ? -1 : 0);
    }

    public static RowReader RowsOf(GgufFile file, GgufTensor tensor, TensorConversion conversion)
    {
        long rowBytes = tensor.Bytes / conversion.Rows;
        return (row, count) => file.Data(tensor, row * rowBytes, checked((int)(count * rowBytes)));
    }

    public static SafetensorsDtype Dtype(GgmlType type) => type switch { GgmlType.F16 => SafetensorsDtype.F16, GgmlType.BF16 => SafetensorsDtype.BF16, _ => SafetensorsDtype.F32 };

    private static RowReader Rows(GgufFile file, GgufTensor tensor)
    {
        long rowBytes = tensor.Type.Bytes(tensor.RowLength);
        return (row, count) => file.Data(tensor, row * rowBytes, checked((int)(count * rowBytes)));
    }

    private static GgmlType Target(GgufFile file, GgufTensor tensor, WeightType asked)
    {
        bool plain = tensor.Type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16;
        if (!plain && !TensorCodec.Decodable.Contains(tensor.Type))
            throw EdgeBenchException.BadInput($"tensor {FileErrors.Quoted(tensor.Name)} is {tensor.Type}, which cannot be read", $"one of {string.Join(", ", TensorCodec.Decodable)}", "Keep its blocks with --keep-blocks.", file.Path);
        if (asked == WeightType.Stored) return plain ? tensor.Type : GgmlType.F32;
        return TargetTypes.Of(tensor.Name, tensor.Dimensions.Count, tensor.Type, asked);
    }

    // (x - 1) + 1 gives x for float32 from 1/2 on, and for others where no bit is lost.
    private static bool SurvivesShift(GgufFile file, GgufTensor tensor)
    {
        if (tensor.Type != GgmlType.F32) return false;
        foreach (float value in MemoryMarshal.Cast<byte, float>(file.Data(tensor)))
        {
            if (BitConverter.SingleToInt32Bits(value - 1 + 1) != BitConverter.SingleToInt32Bits(value)) return false;
        }
        return true;
    }
}
