using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Engine.Training.Graphs;

/// <summary>Threads that share the pieces of an operation. What is run on them is made once and allocates nothing; which thread takes which piece is open.</summary>
public sealed class Workers : IDisposable, ICrewWork
{
    private readonly Crew _crew;
    private readonly TiledProduct _product = TiledProduct.Create();
    private readonly Action<int, int> _pack, _multiply;
    private Action<int, int> _body;
    private int _items;

    /// <param name="threads">The caller's included.</param>
    public Workers(int threads)
    {
        _crew = new Crew(threads);
        _pack = (piece, _) => _product.Pack(piece);
        _multiply = (piece, _) => _product.Multiply(piece);
        _body = _pack;
    }

    public int Count => _crew.Count;

    /// <summary>Bytes of packed factors.</summary>
    public long Bytes => _product.Bytes;

    /// <summary>Runs <paramref name="body"/> for items 0 to <paramref name="items"/> - 1, with the number of the thread that has it; returns when all are done.</summary>
    public void Run(int items, Action<int, int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (items <= 1 || Count == 1)
        {
            for (int item = 0; item < items; item++) body(item, 0);
            return;
        }
        (_body, _items) = (body, items);
        _crew.Run(this);
    }

    /// <summary>A matrix product on all threads, whatever its <see cref="Product.Threads"/>.</summary>
    public void Multiply(in Product product)
    {
        if (!_product.Begin(product with { Threads = Count })) return;
        do
        {
            Run(_product.Packs, _pack);
            Run(_product.Pieces, _multiply);
        }
        while (_product.Advance());
    }

    void ICrewWork.Run(Crew crew, int member)
    {
        for (int item; (item = crew.Next()) < _items;) _body(item, member);
    }

    public void Dispose()
    {
        _crew.Dispose();
        _product.Dispose();
    }
}
