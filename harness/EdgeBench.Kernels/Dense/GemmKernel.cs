namespace EdgeBench.Kernels.Dense;

/// <summary>One implementation of float32 matrix products. They differ in the order of additions, and in whether these are fused, only.</summary>
public sealed class GemmKernel
{
    private GemmKernel(string name, bool isSupported, ProductBody run, GramBody addGram) => (Name, IsSupported, Run, AddGram) = (name, isSupported, run, addGram);

    /// <summary>Vector width, or <c>scalar</c>, which is the specification.</summary>
    public string Name { get; }

    /// <summary>Whether this processor runs it.</summary>
    public bool IsSupported { get; }

    internal ProductBody Run { get; }

    internal GramBody AddGram { get; }

    internal static unsafe GemmKernel Of<TTile>()
        where TTile : struct, ITile => new(TTile.Name, TTile.IsSupported, PackedProduct<TTile>.Run, PackedGram<TTile>.AddLower);
}

/// <summary>Computes a product.</summary>
internal delegate void ProductBody(in Product product);

/// <summary>Adds the lower triangle of XᵀX.</summary>
internal unsafe delegate void GramBody(float* x, int rows, int width, double* h, int threads);
