using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EdgeBench.Kernels.Dense;

/// <summary>What stands between the matrices of a feed-forward part, element by element.</summary>
public static class Activations
{
    /// <summary>target = silu(gate) · up, silu(z) = z / (1 + e^-z). Source: N. Shazeer, "GLU Variants Improve Transformer", 2020.</summary>
    public static void SwiGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> target)
    {
        TensorPrimitives.Sigmoid(gate, target);
        TensorPrimitives.Multiply(target, gate, target);
        TensorPrimitives.Multiply(target, up, target);
    }

    /// <summary>target = gelu(gate) · up, gelu(z) = z/2 · (1 + tanh(sqrt(2/π) · (z + 0.044715 z³))). Source: as <see cref="SwiGlu"/>, and Hendrycks and Gimpel, 2016.</summary>
    public static void GeGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> target)
    {
        const float Root = 0.7978845608028654f, Cubic = 0.044715f;
        TensorPrimitives.Multiply(gate, gate, target);
        TensorPrimitives.Multiply(target, Root * Cubic, target);
        TensorPrimitives.Add(target, Root, target);
        TensorPrimitives.Multiply(target, gate, target);
        TensorPrimitives.Tanh(target, target);
        TensorPrimitives.Add(target, 1f, target);
        TensorPrimitives.Multiply(target, gate, target);
        TensorPrimitives.Multiply(target, 0.5f, target);
        TensorPrimitives.Multiply(target, up, target);
    }

    /// <summary>z/2 · (1 + erf(z / sqrt 2)), in place. Source: D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units", 2016.</summary>
    public static void Gelu(Span<float> values)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref Vector<float> value in vectors) value = Gelu(value);
        Span<float> rest = values[(vectors.Length * Vector<float>.Count)..];
        if (rest.Length == 0) return;
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        rest.CopyTo(padded);
        Gelu(new Vector<float>(padded)).CopyTo(padded);
        padded[..rest.Length].CopyTo(rest);
    }

    private static Vector<float> Gelu(Vector<float> z) => z * 0.5f * (Vector<float>.One + Erf(z * 0.70710678f));

    // Rational minimax approximation on [-4, 4], beyond which erf is ±1 in float32; error under 3e-7. Source: Eigen, generic_fast_erf_float.
    private static Vector<float> Erf(Vector<float> value)
    {
        Vector<float> x = Vector.Min(Vector.Max(value, new Vector<float>(-4f)), new Vector<float>(4f)), s = x * x;
        Vector<float> p = new(-2.72614225801306e-10f), q = new(-1.45660718464996e-05f);
        p = (p * s) + new Vector<float>(2.77068142495902e-08f);
        p = (p * s) + new Vector<float>(-2.10102402082508e-06f);
        p = (p * s) + new Vector<float>(-5.69250639462346e-05f);
        p = (p * s) + new Vector<float>(-7.34990630326855e-04f);
        p = (p * s) + new Vector<float>(-2.95459980854025e-03f);
        p = (p * s) + new Vector<float>(-1.60960333262415e-02f);
        q = (q * s) + new Vector<float>(-2.13374055278905e-04f);
        q = (q * s) + new Vector<float>(-1.68282697438203e-03f);
        q = (q * s) + new Vector<float>(-7.37332916720468e-03f);
        q = (q * s) + new Vector<float>(-1.42647390514189e-02f);
        return x * p / q;
    }
}
