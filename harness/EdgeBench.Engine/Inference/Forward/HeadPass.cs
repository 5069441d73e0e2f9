using EdgeBench.Engine.Inference.Loading;
using EdgeBench.Engine.Inference.Threads;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>Final norm and head of rows of the residual stream, which a batch left behind.</summary>
internal sealed unsafe class HeadPass(PackedDecoder model, Workspace space, Batch batch, NonFiniteWatch watch) : ForwardPass(model, space, batch, watch, null)
{
    private readonly int[] _rows = new int[space.LogitRows];
    private int _count;

    /// <summary>Asks for the logits of these rows.</summary>
    public void Ask(ReadOnlySpan<int> rows)
    {
        rows.CopyTo(_rows);
        _count = rows.Length;
    }

    public override void Run(Crew crew, int member)
    {
        Begin(member);
        float* normed = Space.Members[member].Row;
        for (int i; (i = crew.Next()) < _count;)
        {
            if (!Kernels.RmsNorm(Space.Hidden + ((nint)_rows[i] * Architecture.Width), Model.FinalNorm.Floats, Architecture.Width, Epsilon, normed)) Watch.AtInput(Architecture.Layers);
            Space.HeadRows.Set(normed, 0, i, i + 1);
        }
        crew.Barrier();
        int groups = Model.Head.Groups, piece = Math.Max(1, groups / (crew.Count * 8));
        for (int first; (first = crew.Next() * piece) < groups;) Head(Space.HeadRows, _count, first, Math.Min(first + piece, groups));
        End(Phase.Head, crew, member);
    }
}
