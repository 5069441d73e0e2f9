namespace EdgeBench.Models.Onnx.Reading;

/// <summary>An input or output of a model.</summary>
/// <param name="Shape">Outermost first; −1 for a dimension that differs from run to run. Null where the value is no tensor or its shape is not given.</param>
public sealed record OnnxValueInfo(string Name, OnnxDataType Type, IReadOnlyList<long>? Shape)
{
    public override string ToString() =>
        $"{Name}: {Type.ToString().ToLowerInvariant()}[{(Shape is null ? "…" : string.Join(", ", Shape.Select(length => length < 0 ? "?" : $"{length}")))}]";
}

/// <summary>A tensor that a model carries.</summary>
/// <param name="Bytes">Of its data.</param>
/// <param name="External">Where its data lies in another file, else null.</param>
public sealed record OnnxTensorInfo(string Name, OnnxDataType Type, IReadOnlyList<long> Dimensions, long Bytes, OnnxExternal? External)
{
    public long Elements => Dimensions.Aggregate(1L, (product, next) => product * next);
}

/// <summary>A place in a file beside the model.</summary>
/// <param name="Location">Relative path as written, checked to stay in the model's folder.</param>
public sealed record OnnxExternal(string Location, long Offset, long Length);
