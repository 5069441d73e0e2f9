namespace EdgeBench.Models.Safetensors;

/// <summary>A tensor of a safetensors file.</summary>
/// <param name="Shape">Row-major: the length of a row last. Empty for a scalar; lengths may be 0.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Bytes">Bytes of the data.</param>
/// <param name="Elements">Product of the shape.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsDtype Dtype, IReadOnlyList<long> Shape, long Offset, long Bytes, long Elements)
{
    /// <summary>The shape as messages show it: <c>[576, 49152]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
