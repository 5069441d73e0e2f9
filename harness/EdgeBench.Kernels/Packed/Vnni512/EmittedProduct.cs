using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Vnni512;

/// <summary>Calls a format's functions for a task: few activations straight from packed weights, more by panels that stay in the first-level cache.</summary>
internal static unsafe class EmittedProduct
{
    // Of 32 KiB: activations and results pass through the rest.
    private const int PanelBytes = 24 * 1024;

    private const int LineBytes = 64;

    public static void Run(FormatKernels kernels, in PackedTask task)
    {
        if (task.Count <= FormatKernels.MostFewRows) Few(kernels, task);
        else Many(kernels, task);
    }

    /// <summary>Sets of full groups in one call, then what is left: sets are smaller at the end, and the last group may not be full.</summary>
    private static void Few(FormatKernels kernels, in PackedTask task)
    {
        Arguments arguments = For(kernels, task);
        arguments.Length = kernels.Format.Units(task.Weights.Columns);
        arguments.X = X(task);
        int full = Math.Min(task.EndGroup, task.Weights.Rows / PackedFormat.GroupRows);
        for (int group = task.FirstGroup; group < task.EndGroup;)
        {
            int groups = Math.Min(kernels.FewGroups, group < full ? full - group : task.EndGroup - group);
            int sets = group < full ? (full - group) / groups : 1;
            arguments.Weights = task.Weights.Group(group);
            arguments.Groups = sets;
            arguments.Y = task.At(0, group);
            group += groups * sets;
            arguments.Mask = (1 << task.RowsOf(group - 1)) - 1;
            kernels.Few(arguments, groups, task.Count);
        }
    }

    [SkipLocalsInit]
    private static void Many(FormatKernels kernels, in PackedTask task)
    {
        byte* memory = stackalloc byte[PanelBytes + LineBytes];
        byte* panel = (byte*)(((nuint)memory + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        int units = kernels.Format.Units(task.Weights.Columns), most = PanelBytes / kernels.UnitPanelBytes, panels = (units + most - 1) / most;
        for (int group = task.FirstGroup; group < task.EndGroup; group += FormatKernels.PanelGroups)
        {
            int groups = Math.Min(FormatKernels.PanelGroups, task.EndGroup - group);
            for (int part = 0; part < panels; part++)
            {
                int first = units * part / panels, length = (units * (part + 1) / panels) - first;
                Arguments arguments = For(kernels, task);
                arguments.Panel = panel;
                arguments.Weights = task.Weights.Group(group) + (first * kernels.Format.UnitBytes);
                arguments.Groups = groups;
                arguments.Length = length;
                kernels.Expand(arguments);
                arguments.Length = length * kernels.UnitLength;
                arguments.Accumulate = task.Accumulate || part > 0 ? 1 : 0;
                arguments.Mask = (1 << task.RowsOf(group + groups - 1)) - 1;
                Tiles(kernels, task, arguments, group, groups, X(task) + (first * kernels.UnitXBytes));
            }
        }
    }

    private static void Tiles(FormatKernels kernels, in PackedTask task, Arguments arguments, int group, int groups, byte* x)
    {
        for (int row = 0; row < task.Count;)
        {
            int rows = Math.Min(kernels.TileRows, task.Count - row), tiles = (task.Count - row) / rows;
            arguments.X = x + (row * arguments.XStride);
            arguments.XStep = rows * arguments.XStride;
            arguments.Y = task.At(row, group);
            arguments.Tiles = tiles;
            kernels.Tile(arguments, groups, rows);
            row += rows * tiles;
        }
    }

    private static byte* X(in PackedTask task) => task.Weights.Layout.IsFloat ? (byte*)task.Activations.Floats(0) : task.Activations.Blocks(0);

    private static Arguments For(FormatKernels kernels, in PackedTask task) => new()
    {
        GroupBytes = task.Weights.GroupBytes,
        XStride = kernels.Format.IsFloat ? task.Activations.FloatStride * sizeof(float) : task.Activations.BlockStride,
        YStride = task.Stride * sizeof(float),
        Accumulate = task.Accumulate ? 1 : 0,
        LowBits = 0x0F0F_0F0F,
        HighBits = kernels.Format.HighBits == 1 ? 0x1010_1010u : 0x3030_3030u,
    };
}
