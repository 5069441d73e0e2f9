using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Calls the functions of a quantised format for a task: few activations straight from packed weights, more by panels that stay in the first-level cache.</summary>
internal static unsafe class QuantisedProduct
{
    /// <summary>Activations up to which panels do not pay.</summary>
    private const int MostFewRows = 8;

    // 24 KiB of 32 for a panel: activations and results pass through the rest.
    private const int PanelBytes = 24 * 1024;

    public static void Run(QuantisedKernels kernels, in PackedTask task)
    {
        if (task.Count <= MostFewRows) Few(kernels, task);
        else Many(kernels, task);
    }

    private static void Few(QuantisedKernels kernels, in PackedTask task)
    {
        PackedFormat format = task.Weights.Layout;
        Arguments arguments = For(task);
        arguments.Length = format.Units(task.Weights.Columns);
        arguments.X = task.Activations.Blocks(0);
        // Groups that are full, then one that is not.
        int full = Math.Min(task.EndGroup, task.Weights.Rows / PackedFormat.GroupRows);
        Part(task.FirstGroup, full, PackedFormat.GroupRows, task);
        if (full < task.EndGroup) Part(Math.Max(full, task.FirstGroup), task.EndGroup, task.RowsOf(task.EndGroup - 1), task);

        void Part(int first, int end, int rows, in PackedTask task)
        {
            if (first >= end) return;
            arguments.Weights = task.Weights.Group(first);
            arguments.Groups = end - first;
            arguments.Y = task.At(0, first);
            arguments.Mask = (1 << rows) - 1;
            Arguments given = arguments;
            kernels.Gemv(task.Count)(&given);
        }
    }

    [SkipLocalsInit]
    private static void Many(QuantisedKernels kernels, in PackedTask task)
    {
        byte* memory = stackalloc byte[PanelBytes + PackedFormat.QuadBytes];
        byte* panel = (byte*)(((nuint)memory + PackedFormat.QuadBytes - 1) & ~(nuint)(PackedFormat.QuadBytes - 1));
        PackedFormat format = task.Weights.Layout;
        int units = format.Units(task.Weights.Columns), most = Math.Max(1, PanelBytes / (new QuantisedPanel(format).BlockBytes * format.UnitBlocks));
        int panels = (units + most - 1) / most;
        for (int group = task.FirstGroup; group < task.EndGroup; group += QuantisedPanel.Groups)
        {
            int groups = Math.Min(QuantisedPanel.Groups, task.EndGroup - group);
            for (int part = 0; part < panels; part++)
            {
                int first = units * part / panels, end = units * (part + 1) / panels;
                Arguments arguments = For(task);
                arguments.Panel = panel;
                arguments.Weights = task.Weights.Group(group) + (first * format.UnitBytes);
                arguments.Groups = groups;
                arguments.Length = end - first;
                kernels.Expand(&arguments);
                arguments.Length *= format.UnitBlocks;
                arguments.Accumulate = task.Accumulate || part > 0 ? 1 : 0;
                arguments.Mask = (1 << task.RowsOf(group + groups - 1)) - 1;
                Tiles(kernels, task, arguments, group, groups, task.Activations.Blocks(0) + (first * format.UnitBlocks * ActivationBlock.Bytes));
            }
        }
    }

    private static void Tiles(QuantisedKernels kernels, in PackedTask task, Arguments arguments, int group, int groups, byte* x)
    {
        for (int row = 0; row < task.Count;)
        {
            int rows = Math.Min(QuantisedTile.MostRows, task.Count - row), tiles = (task.Count - row) / rows;
            arguments.X = x + (row * task.Activations.BlockStride);
            arguments.Y = task.At(row, group);
            arguments.Tiles = tiles;
            kernels.Tile(groups, rows)(&arguments);
            row += rows * tiles;
        }
    }

    private static Arguments For(in PackedTask task) => new()
    {
        GroupBytes = task.Weights.GroupBytes,
        XStride = task.Activations.BlockStride,
        YStride = task.Stride * sizeof(float),
        Accumulate = task.Accumulate ? 1 : 0,
        LowBits = 0x0F0F_0F0F,
        HighBits = task.Weights.Layout.HighBits == 1 ? 0x1010_1010u : 0x3030_3030u,
    };
}
