using EdgeBench.Kernels.Packed;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Rows of activations to 8-bit levels, once for all products that read them.</summary>
internal sealed unsafe class PackedActivations : ICaseSource
{
    public IEnumerable<KernelCase> Cases(int threads) =>
        from model in threads == 1 ? ModelShapes.All : []
        from columns in (int[])[model.Width, model.Ffn]
        from count in (int[])[1, 128]
        select new KernelCase(model.Name, "activations", "int8", "current", $"{columns}", count, threads) { Prepare = _ => new Work(columns, count) };

    private sealed class Work : KernelWork
    {
        private readonly int _columns, _count;
        private readonly float[] _source;
        private readonly PackedRows _rows;

        public Work(int columns, int count) =>
            (_columns, _count, _source, _rows) = (columns, count, SampleValues.Normal(columns * count), new PackedRows(count, columns, levels: true, floats: false));

        // A comparison for the largest, a multiplication for the level.
        public override double Operations => 2.0 * _columns * _count;

        public override double Bytes => (sizeof(float) + 2.0) * _columns * _count;

        public override void Run()
        {
            fixed (float* values = _source) _rows.Set(values, _columns, 0, _count);
        }

        public override void Dispose() => _rows.Dispose();
    }
}
