using EdgeBench.Kernels.Packed;

namespace EdgeBench.Kernels.Dense;

/// <summary>
/// A product in pieces that any threads work on, without allocation once its memory is large enough: <c>Begin</c>; then, until <see cref="Advance"/> says
/// no, all pieces of <see cref="Pack"/>, a barrier, all pieces of <see cref="Multiply"/>, a barrier. Which thread takes which piece changes no bit of the
/// result. One product at a time; not thread-safe but for the two that take pieces.
/// </summary>
public abstract unsafe class TiledProduct : IDisposable
{
    private float* _memory;
    private long _floats;

    private protected TiledProduct()
    {
    }

    ~TiledProduct() => Free();

    /// <param name="kernel">Null takes the fastest.</param>
    public static TiledProduct Create(GemmKernel? kernel = null) => (kernel ?? Gemm.Best).NewProduct();

    /// <summary>Bytes of packed panels that are held.</summary>
    public long Bytes => _floats * sizeof(float);

    /// <summary>Pieces of <see cref="Pack"/>.</summary>
    public int Packs { get; private protected set; }

    /// <summary>Pieces of <see cref="Multiply"/>.</summary>
    public int Pieces { get; private protected set; }

    /// <summary>Starts a product; false where there is nothing to compute.</summary>
    public abstract bool Begin(in Product product);

    public abstract void Pack(int piece);

    public abstract void Multiply(int piece);

    /// <summary>Goes on to the next block of the product; false at its end.</summary>
    public abstract bool Advance();

    /// <summary>The whole product on this thread.</summary>
    public void Run(in Product product)
    {
        if (!Begin(product)) return;
        do
        {
            for (int i = 0; i < Packs; i++) Pack(i);
            for (int i = 0; i < Pieces; i++) Multiply(i);
        }
        while (Advance());
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private protected float* Memory(long floats)
    {
        if (floats <= _floats) return _memory;
        Free();
        _memory = (float*)WeightMemory.Allocate(checked((nuint)(floats * sizeof(float))));
        _floats = floats;
        return _memory;
    }

    private void Free()
    {
        WeightMemory.Free((byte*)_memory);
        _memory = null;
        _floats = 0;
    }
}
