using EdgeBench.Engine.Training.Graphs;

namespace EdgeBench.Engine.Training.Optimisers;

/// <summary>All elements of some parameters in pieces of a fixed size, for work that threads share.</summary>
internal sealed class ParameterPieces
{
    private const int Size = 1 << 15;

    private readonly List<Piece> _pieces = [];

    public ParameterPieces(IReadOnlyList<Parameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            for (long first = 0; first < parameters[i].Count; first += Size) _pieces.Add(new(i, parameters[i], (nint)first, (int)Math.Min(Size, parameters[i].Count - first)));
        }
    }

    public int Count => _pieces.Count;

    public Piece this[int index] => _pieces[index];

    /// <summary>Elements of one parameter, which is number <paramref name="Index"/>.</summary>
    internal readonly record struct Piece(int Index, Parameter Parameter, nint First, int Length);
}
