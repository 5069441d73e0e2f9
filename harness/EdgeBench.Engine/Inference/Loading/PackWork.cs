using EdgeBench.Engine.Inference.Threads;
using EdgeBench.Kernels.Packed;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Engine.Inference.Loading;

/// <summary>Packs matrices by all members of a crew; pages of the file leave memory as soon as they are packed.</summary>
internal sealed class PackWork : ICrewWork
{
    // Bytes of the file that one member takes at a time: few system calls, and an even end.
    private const long PieceBytes = 1 << 20;

    private readonly GgufFile _file;
    private readonly List<(LinearPlan Plan, PackedMatrix Target, int FirstGroup, int Groups)> _pieces = [];

    /// <param name="keep">A tensor whose pages stay, because rows of it are read later, or null.</param>
    public PackWork(GgufFile file, IEnumerable<(LinearPlan Plan, PackedMatrix Target)> matrices, GgufTensor? keep)
    {
        (_file, Keep) = (file, keep);
        foreach ((LinearPlan plan, PackedMatrix target) in matrices)
        {
            int step = (int)Math.Max(1, PieceBytes / (plan.RowBytes * PackedMatrix.GroupRows));
            for (int group = 0; group < target.Groups; group += step) _pieces.Add((plan, target, group, Math.Min(step, target.Groups - group)));
        }
    }

    private GgufTensor? Keep { get; }

    public void Run(Crew crew, int member)
    {
        byte[] copied = [];
        float[] values = [];
        for (int i; (i = crew.Next()) < _pieces.Count;)
        {
            (LinearPlan plan, PackedMatrix target, int firstGroup, int groups) = _pieces[i];
            int row = firstGroup * PackedMatrix.GroupRows, count = Math.Min(groups * PackedMatrix.GroupRows, plan.Rows - row);
            long first = (plan.FirstRow + row) * plan.RowBytes, length = count * plan.RowBytes;
            ReadOnlySpan<byte> source = plan.Order.IsStored ? _file.Data(plan.Tensor, first, checked((int)length)) : Ordered(plan, row, count, ref copied);
            target.Pack(plan.IsStored ? source : Halves(plan, source, count, ref values), row, count);
            if (plan.Order.IsStored && plan.Tensor != Keep) _file.Release(plan.Tensor, first, length);
        }
        crew.Barrier();
        // Rows in another order came from all over the tensor.
        if (member == 0)
        {
            foreach (LinearPlan plan in _pieces.Select(piece => piece.Plan).Where(plan => !plan.Order.IsStored).Distinct()) _file.Release(plan.Tensor, 0, plan.Tensor.Bytes);
        }
    }

    private ReadOnlySpan<byte> Ordered(LinearPlan plan, int row, int count, ref byte[] buffer)
    {
        int rowBytes = checked((int)plan.RowBytes);
        if (buffer.Length < count * rowBytes) buffer = new byte[count * rowBytes];
        for (int i = 0; i < count; i++)
            _file.Data(plan.Tensor, (plan.FirstRow + plan.Order.Source(row + i)) * plan.RowBytes, rowBytes).CopyTo(buffer.AsSpan(i * rowBytes));
        return buffer.AsSpan(0, count * rowBytes);
    }

    private static byte[] Halves(LinearPlan plan, ReadOnlySpan<byte> source, int count, ref float[] values)
    {
        int elements = count * plan.Columns;
        if (values.Length < elements) values = new float[elements];
        TensorCodec.Decode(plan.Tensor.Type, source, values.AsSpan(0, elements));
        byte[] halves = new byte[elements * 2];
        TensorCodec.Encode(GgmlType.F16, values.AsSpan(0, elements), halves);
        return halves;
    }
}
