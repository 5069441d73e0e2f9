using System.Numerics.Tensors;

namespace EdgeBench.Engine.Encoding;

/// <summary>How an encoder's rows become one vector.</summary>
public enum Pooling
{
    /// <summary>The mean over all tokens of a sequence.</summary>
    Mean,

    /// <summary>The first token's row ([CLS]).</summary>
    FirstToken,
}

/// <summary>Vectors of sequences from an encoder's output.</summary>
public static class SentenceVector
{
    /// <summary>A vector of one sequence's rows [tokens, width], at least one of them.</summary>
    /// <param name="normalise">Scales it to Euclidean length 1; a vector of zeros stays.</param>
    public static float[] Of(ReadOnlySpan<float> rows, int width, Pooling pooling, bool normalise)
    {
        if (width < 1 || rows.Length == 0 || rows.Length % width != 0) throw new ArgumentException($"{rows.Length} elements; expected rows of {width}.", nameof(rows));
        float[] vector = rows[..width].ToArray();
        if (pooling == Pooling.Mean)
        {
            for (int at = width; at < rows.Length; at += width) TensorPrimitives.Add(vector, rows.Slice(at, width), vector);
            TensorPrimitives.Divide(vector, rows.Length / width, vector);
        }
        float length = TensorPrimitives.Norm<float>(vector);
        if (normalise && length > 0) TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
