using System.Runtime.CompilerServices;
using EdgeBench.Kernels.Quantisation;

namespace EdgeBench.Kernels.Packed.Intrinsics;

/// <summary>
/// Products by .NET's own vector classes. A panel of some groups and units is expanded into the first-level cache and multiplied with all activations;
/// for few of them it is one group, so that weights are read in order.
/// </summary>
internal sealed unsafe class IntrinsicsSet<TVectors, TDots, TInt, TFloat> : KernelSet
    where TVectors : struct, IVectors<TInt, TFloat>
    where TDots : struct, IDots<TInt>
    where TInt : struct
    where TFloat : struct
{
    private const int MostGroups = 4, MostFewRows = 8, PanelBytes = 24 * 1024, LineBytes = 64, GroupRows = PackedFormat.GroupRows;

    public override string Name => TDots.Name;

    public override string? Missing => TDots.Missing;

    internal override void Multiply(in PackedTask task)
    {
        if (task.Count == 1) RowProduct<TVectors, TDots, TInt, TFloat>.Run(task);
        else Panels(task);
    }

    [SkipLocalsInit]
    private static void Panels(in PackedTask task)
    {
        byte* memory = stackalloc byte[PanelBytes + LineBytes];
        byte* panel = (byte*)(((nuint)memory + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        PackedFormat format = task.Weights.Layout;
        int unitBytes = format.IsFloat ? format.UnitColumns * GroupRows * sizeof(float) : format.UnitBlocks * BlockPanel.BlockBytes(format);
        // A vector of 16 rows is paired with the next group's.
        int most = task.Count > MostFewRows || TVectors.Count == GroupRows ? MostGroups : 1;
        int units = format.Units(task.Weights.Columns), mostUnits = Math.Max(1, PanelBytes / most / unitBytes), panels = (units + mostUnits - 1) / mostUnits;
        for (int group = task.FirstGroup; group < task.EndGroup; group += most)
        {
            int groups = Math.Min(most, task.EndGroup - group);
            for (int part = 0; part < panels; part++)
            {
                int first = units * part / panels, length = (units * (part + 1) / panels) - first;
                nint groupBytes = length * unitBytes;
                for (int i = 0; i < groups; i++) Expand(format, task.Weights.Group(group + i) + ((nint)first * format.UnitBytes), length, panel + (i * groupBytes));
                Panel one = new((nint)panel, groupBytes, group, groups, first, length, task.Accumulate || part > 0);
                Tiles(task, one);
            }
        }
    }

    private static void Expand(PackedFormat format, byte* units, int count, byte* target)
    {
        int elements = count * format.UnitColumns * GroupRows;
        switch (format.Name)
        {
            case "F32":
                new ReadOnlySpan<float>(units, elements).CopyTo(new Span<float>(target, elements));
                break;
            case "F16":
                HalfConversion.FromHalf(new ReadOnlySpan<byte>(units, elements * sizeof(ushort)), new Span<float>(target, elements));
                break;
            case "BF16":
                HalfConversion.FromBrain(new ReadOnlySpan<byte>(units, elements * sizeof(ushort)), new Span<float>(target, elements));
                break;
            default:
                BlockPanel.Expand(format, units, count, TDots.TakesSignedBytes, target);
                break;
        }
    }

    [SkipLocalsInit]
    private static void Tiles(in PackedTask task, in Panel panel)
    {
        float* aside = stackalloc float[ColumnTile<TVectors, TInt, TFloat>.MostRows * 2 * GroupRows];
        int step = task.Weights.Layout.IsFloat ? ColumnTile<TVectors, TInt, TFloat>.MostRows : 2, rows = panel.Groups * GroupRows;
        for (int i = 0; i < task.Count;)
        {
            int count = task.Count - i >= step ? step : 1;
            for (int row = 0; row < rows; row += 2 * TVectors.Count)
            {
                int exist = Math.Min(2 * TVectors.Count, task.Weights.Rows - (panel.Group * GroupRows) - row);
                exist = Math.Min(exist, rows - row);
                if (exist <= 0) continue;
                float* y = task.At(i, panel.Group) + row;
                // Rows that are not there are computed aside.
                bool isWhole = exist == 2 * TVectors.Count;
                float* target = isWhole ? y : aside;
                nint stride = isWhole ? task.Stride : 2 * GroupRows;
                for (int j = 0; j < count; j++)
                {
                    Span<float> existing = new(y + (j * task.Stride), exist), sums = new(target + (j * stride), exist);
                    if (!panel.Accumulate) sums.Clear();
                    else if (!isWhole) existing.CopyTo(sums);
                }
                Tile(task, panel, i, count, row, target, stride);
                for (int j = 0; j < count && !isWhole; j++) new ReadOnlySpan<float>(target + (j * stride), exist).CopyTo(new Span<float>(y + (j * task.Stride), exist));
            }
            i += count;
        }
    }

    private static void Tile(in PackedTask task, in Panel panel, int i, int count, int row, float* y, nint stride)
    {
        PackedFormat format = task.Weights.Layout;
        byte* weights = (byte*)panel.Data + (row / GroupRows * panel.GroupBytes) + (row % GroupRows * sizeof(float));
        nint second = TVectors.Count == GroupRows ? panel.GroupBytes : TVectors.Count * sizeof(float);
        if (format.IsFloat)
        {
            int columns = panel.Units * format.UnitColumns;
            float* x = task.Activations.Floats(i) + (panel.FirstUnit * format.UnitColumns);
            if (count > 1) ColumnTile<TVectors, TInt, TFloat>.Four((float*)weights, second / sizeof(float), columns, x, task.Activations.FloatStride, y, TVectors.Count, stride);
            else ColumnTile<TVectors, TInt, TFloat>.One((float*)weights, second / sizeof(float), columns, x, y, TVectors.Count);
            return;
        }
        LevelsOf.Visit(format, new BlockCall(weights, second, panel.Units * format.UnitBlocks, task.Activations.Blocks(i) + (panel.FirstUnit * format.UnitBlocks * ActivationBlock.Bytes),
            task.Activations.BlockStride, ActivationBlock.StartAt(format, TDots.TakesSignedBytes), y, stride, count));
    }

    private readonly struct BlockCall(byte* weights, nint second, int blocks, byte* x, nint xStride, int start, float* y, nint yStride, int count) : ILevelsBody
    {
        public void Run<TLevels>()
            where TLevels : struct, ILevels
        {
            if (count > 1) BlockTile<TVectors, TDots, TInt, TFloat, TLevels>.Two(weights, second, blocks, x, xStride, start, y, TVectors.Count, yStride);
            else BlockTile<TVectors, TDots, TInt, TFloat, TLevels>.One(weights, second, blocks, x, start, y, TVectors.Count);
        }
    }

    /// <summary>Some groups' units, expanded.</summary>
    private readonly record struct Panel(nint Data, nint GroupBytes, int Group, int Groups, int FirstUnit, int Units, bool Accumulate);
}
