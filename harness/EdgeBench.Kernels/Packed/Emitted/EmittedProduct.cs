using System.Runtime.CompilerServices;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>Calls a format's functions for a task: few activations straight from packed weights, more by panels that stay in the first-level cache.</summary>
internal static unsafe class EmittedProduct
{
    public const int ScratchBytes = 1024;

    // Of 32 KiB: activations and results pass through the rest.
    private const int PanelBytes = 24 * 1024;

    private const int LineBytes = 64, GroupPanelBytes = PackedFormat.GroupRows * sizeof(float);

    [SkipLocalsInit]
    public static void Run(FormatKernels kernels, in PackedTask task)
    {
        byte* memory = stackalloc byte[ScratchBytes + LineBytes];
        byte* scratch = Aligned(memory);
        if (task.Count <= kernels.Format.MostFewRows) Few(kernels, task, scratch);
        else Many(kernels, task, scratch);
    }

    /// <summary>
    /// Full groups in one call, those of a set as far apart as possible, so that each is the next of a stream of its own; then what is left: sets are smaller
    /// at the end, and the last group may not be full.
    /// </summary>
    private static void Few(FormatKernels kernels, in PackedTask task, byte* scratch)
    {
        Arguments arguments = For(kernels.Format.Format, task, scratch);
        arguments.Length = kernels.Format.Format.Units(task.Weights.Columns);
        arguments.X = X(task);
        int full = Math.Min(task.EndGroup, task.Weights.Rows / PackedFormat.GroupRows), most = kernels.Format.FewGroups(task.Count);
        for (int group = task.FirstGroup; group < task.EndGroup;)
        {
            int groups = Math.Min(most, group < full ? full - group : task.EndGroup - group);
            int sets = group < full ? (full - group) / groups : 1;
            arguments.Weights = task.Weights.Group(group);
            arguments.Groups = sets;
            arguments.StreamBytes = sets * task.Weights.GroupBytes;
            arguments.StreamYBytes = sets * PackedFormat.GroupRows * sizeof(float);
            arguments.Y = task.At(0, group);
            group += groups * sets;
            arguments.SetRows(task.RowsOf(group - 1));
            kernels.Few(arguments, groups, task.Count);
        }
    }

    [SkipLocalsInit]
    private static void Many(FormatKernels kernels, in PackedTask task, byte* scratch)
    {
        byte* memory = stackalloc byte[PanelBytes + LineBytes];
        byte* panel = Aligned(memory);
        PackedFormat format = kernels.Format.Format;
        int units = format.Units(task.Weights.Columns), most = PanelBytes / kernels.Format.UnitPanelBytes, panels = (units + most - 1) / most;
        for (int group = task.FirstGroup; group < task.EndGroup; group += FormatCode.PanelGroups)
        {
            int groups = Math.Min(FormatCode.PanelGroups, task.EndGroup - group);
            for (int part = 0; part < panels; part++)
            {
                int first = units * part / panels, length = (units * (part + 1) / panels) - first;
                Arguments arguments = For(format, task, scratch);
                arguments.Panel = panel;
                arguments.Weights = task.Weights.Group(group) + (first * format.UnitBytes);
                arguments.Groups = groups;
                arguments.Length = length;
                kernels.Expand(arguments);
                arguments.Length = length * kernels.Format.UnitLength;
                arguments.Accumulate = task.Accumulate || part > 0 ? 1 : 0;
                byte* x = X(task) + (first * kernels.Format.UnitXBytes);
                for (int i = 0; i < groups; i += kernels.Format.TileGroups)
                {
                    int together = Math.Min(kernels.Format.TileGroups, groups - i);
                    arguments.Panel = panel + (i * GroupPanelBytes);
                    arguments.SetRows(task.RowsOf(group + i + together - 1));
                    Tiles(kernels, task, arguments, group + i, together, x);
                }
            }
        }
    }

    private static void Tiles(FormatKernels kernels, in PackedTask task, Arguments arguments, int group, int groups, byte* x)
    {
        for (int row = 0; row < task.Count;)
        {
            int rows = Math.Min(kernels.Format.TileRows, task.Count - row), tiles = (task.Count - row) / rows;
            arguments.X = x + (row * arguments.XStride);
            arguments.XStep = rows * arguments.XStride;
            arguments.Y = task.At(row, group);
            arguments.Tiles = tiles;
            kernels.Tile(arguments, groups, rows);
            row += rows * tiles;
        }
    }

    private static byte* X(in PackedTask task) => task.Weights.Layout.IsFloat ? (byte*)task.Activations.Floats(0) : task.Activations.Blocks(0);

    private static byte* Aligned(byte* memory) => (byte*)(((nuint)memory + LineBytes - 1) & ~(nuint)(LineBytes - 1));

    private static Arguments For(PackedFormat format, in PackedTask task, byte* scratch) => new()
    {
        GroupBytes = task.Weights.GroupBytes,
        XStride = format.IsFloat ? task.Activations.FloatStride * sizeof(float) : task.Activations.BlockStride,
        YStride = task.Stride * sizeof(float),
        Accumulate = task.Accumulate ? 1 : 0,
        Scratch = scratch,
        LowBits = format.LowBits == 8 ? 0x8080_8080u : 0x0F0F_0F0Fu,
        HighBits = format.HighBits == 1 ? 0x1010_1010u : 0x3030_3030u,
        Ones = 0x0001_0001,
    };
}
