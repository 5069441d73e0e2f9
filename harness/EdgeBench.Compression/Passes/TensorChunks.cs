using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>A tensor in parts of nearly the same size: whole blocks, or whole rows of one matrix where columns have an importance.</summary>
internal sealed class TensorChunks
{
    private readonly GgufTensor _tensor;
    private readonly long _matrix;
    private readonly long _perMatrix;
    private readonly bool _rows;

    public TensorChunks(GgufTensor tensor, bool rows, int about)
    {
        (_tensor, _rows) = (tensor, rows);
        _matrix = rows ? tensor.RowLength * tensor.Dimensions.ElementAtOrDefault(1) : tensor.Elements;
        if (rows && tensor.Dimensions.Count < 2) _matrix = tensor.Elements;
        Elements = checked((int)Math.Min(_matrix, rows ? Math.Max(1, about / tensor.RowLength) * tensor.RowLength : about));
        _perMatrix = (_matrix + Elements - 1) / Elements;
    }

    /// <summary>Of the largest part.</summary>
    public int Elements { get; }

    public long Count => _tensor.Elements / _matrix * _perMatrix;

    /// <summary>First element; of the part after the last, the tensor's end.</summary>
    public long Start(long chunk) => (chunk / _perMatrix * _matrix) + (chunk % _perMatrix * Elements);

    public int Length(long chunk) => (int)Math.Min(Elements, _matrix - (chunk % _perMatrix * Elements));

    /// <summary>The weights of the columns of the part's matrix; empty where there are none.</summary>
    public ReadOnlySpan<float> Importance(long chunk, float[] importance)
    {
        if (!_rows) return [];
        int columns = (int)_tensor.RowLength;
        // One for every matrix (an expert each), or one for all.
        long matrix = importance.Length == columns ? 0 : chunk / _perMatrix;
        return importance.AsSpan((int)(matrix * columns), columns);
    }
}
