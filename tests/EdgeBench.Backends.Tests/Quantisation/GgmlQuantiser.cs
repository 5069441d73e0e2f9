using System.Runtime.InteropServices;
using EdgeBench.Backends.LlamaCpp;
using EdgeBench.Backends.Tests.LlamaCpp;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Backends.Tests.Quantisation;

/// <summary>llama.cpp's own quantiser, from the installed library.</summary>
internal static unsafe class GgmlQuantiser
{
    private static readonly Lazy<nint> s_library = new(() =>
    {
        LlamaCppFixture.RequireLibrary();
        return NativeLibrary.Load(LlamaCppFolder.Find(LlamaCppFolder.Chosen(new()), out _)!.GgmlBase);
    });

    public static byte[] Quantise(GgmlType type, float[] rows, int columns, float[]? importance = null)
    {
        var function = (delegate* unmanaged[Cdecl]<int, float*, byte*, long, long, long, float*, nuint>)NativeLibrary.GetExport(s_library.Value, "ggml_quantize_chunk");
        byte[] blocks = new byte[type.Bytes(rows.Length)];
        fixed (float* source = rows, weights = importance)
        fixed (byte* target = blocks)
            Assert.Equal((nuint)blocks.Length, function((int)type, source, target, 0, rows.Length / columns, columns, weights));
        return blocks;
    }

    public static float[] Dequantise(GgmlType type, byte[] blocks, int elements)
    {
        var traits = (delegate* unmanaged[Cdecl]<int, Traits*>)NativeLibrary.GetExport(s_library.Value, "ggml_get_type_traits");
        float[] values = new float[elements];
        fixed (float* target = values)
        fixed (byte* source = blocks)
            traits((int)type)->ToFloat(source, target, elements);
        return values;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Traits
    {
        public byte* Name;
        public long BlockSize;
        public long Interleave;
        public nuint TypeSize;
        public byte IsQuantised;
        public delegate* unmanaged[Cdecl]<byte*, float*, long, void> ToFloat;
    }
}
