namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>One activation times groups of packed weights, read once and in order: the product that generating one token after another consists of.</summary>
internal static unsafe class RowProduct<TVectors, TDots, TInt, TFloat>
    where TVectors : struct, IVectors<TInt, TFloat>
    where TDots : struct, IDots<TInt>
    where TInt : struct
    where TFloat : struct
{
    private const int GroupRows = PackedFormat.GroupRows;

    public static void Run(in PackedTask task)
    {
        float* sums = stackalloc float[2 * GroupRows];
        int rows = (task.EndGroup - task.FirstGroup) * GroupRows, start = task.FirstGroup * GroupRows;
        for (int row = 0; row < rows; row += 2 * TVectors.Count)
        {
            int exist = Math.Min(2 * TVectors.Count, Math.Min(rows - row, task.Weights.Rows - start - row));
            if (exist <= 0) return;
            float* y = task.At(0, task.FirstGroup) + row;
            Span<float> given = new(y, exist), used = new(sums, exist);
            if (task.Accumulate) given.CopyTo(used);
            else used.Clear();
            // The second vector may lie beyond the last group: then the first takes its place, and what it gives is not used.
            int first = start + row, second = first + (exist > TVectors.Count ? TVectors.Count : 0);
            Two(task, first, second, sums);
            used.CopyTo(given);
        }
    }

    private static void Two(in PackedTask task, int first, int second, float* sums)
    {
        PackedFormat format = task.Weights.Layout;
        byte* one = task.Weights.Group(first / GroupRows), two = task.Weights.Group(second / GroupRows);
        int lane = first % GroupRows, secondLane = second % GroupRows;
        if (format.IsFloat)
        {
            float* floats = task.Activations.Floats(0);
            one += lane * format.ElementBytes;
            two += secondLane * format.ElementBytes;
            switch (format.Name)
            {
                case "F32": ColumnRow<TVectors, TInt, TFloat, SingleElement>.Multiply(one, two, task.Weights.Columns, floats, sums); break;
                case "F16": ColumnRow<TVectors, TInt, TFloat, HalfElement>.Multiply(one, two, task.Weights.Columns, floats, sums); break;
                default: ColumnRow<TVectors, TInt, TFloat, BrainElement>.Multiply(one, two, task.Weights.Columns, floats, sums); break;
            }
            return;
        }
        LevelsOf.Visit(format, new Call(one, lane, two, secondLane, format, task, sums));
    }

    private readonly struct Call(byte* one, int lane, byte* two, int secondLane, PackedFormat format, PackedTask task, float* sums) : ILevelsBody
    {
        public void Run<TLevels>()
            where TLevels : struct, ILevels => BlockRow<TVectors, TDots, TInt, TFloat, TLevels>.Multiply(
                one, lane, two, secondLane, format.Units(task.Weights.Columns), format, task.Activations.Blocks(0),
                ActivationBlock.StartAt(format, TDots.TakesSignedBytes), sums);
    }
}
