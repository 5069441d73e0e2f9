using System.Collections.Concurrent;

namespace EdgeBench.Kernels.Dense;

/// <summary>One implementation of float32 matrix products. They differ in the order of additions, and in whether these are fused, only.</summary>
public sealed class GemmKernel
{
    // As many as were at work at once; they keep their memory.
    private readonly ConcurrentBag<TiledProduct> _idle = [];

    private GemmKernel(string name, bool isSupported, Func<TiledProduct> newProduct, GramBody addGram) => (Name, IsSupported, NewProduct, AddGram) = (name, isSupported, newProduct, addGram);

    /// <summary>Vector width, or <c>scalar</c>, which is the specification.</summary>
    public string Name { get; }

    /// <summary>Whether this processor runs it.</summary>
    public bool IsSupported { get; }

    internal Func<TiledProduct> NewProduct { get; }

    internal GramBody AddGram { get; }

    internal TiledProduct Take() => _idle.TryTake(out TiledProduct? product) ? product : NewProduct();

    internal void Give(TiledProduct product) => _idle.Add(product);

    internal static unsafe GemmKernel Of<TTile>()
        where TTile : struct, ITile => new(TTile.Name, TTile.IsSupported, () => new TiledProduct<TTile>(), PackedGram<TTile>.AddLower);
}

/// <summary>Adds the lower triangle of XᵀX.</summary>
internal unsafe delegate void GramBody(float* x, int rows, int width, double* h, int threads);
