using System.Runtime.InteropServices;
using EdgeBench.Benchmarks.Agreement;

namespace EdgeBench.Benchmarks.Quantise;

/// <summary>llama.cpp's own quantiser (v0.5.0, 64-bit Linux), file to file. Fields by their offsets in include/llama.h.</summary>
internal static unsafe partial class QuantiseNative
{
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Parameters
    {
        [FieldOffset(0)] public int Threads;
        [FieldOffset(4)] public int FileType;
        [FieldOffset(16)] public byte AllowRequantize;
        [FieldOffset(19)] public byte Pure;
    }

    public static void Load(string folder)
    {
        LlamaNative.UseFolder(folder);
        LlamaNative.llama_log_set(&Ignore, 0);
        LlamaNative.ggml_backend_load_all_from_path(folder);
        LlamaNative.llama_backend_init();
    }

    /// <param name="fileType">llama.cpp's number (<c>LLAMA_FTYPE_*</c>) of the type of all matrices.</param>
    public static void Run(string input, string output, int fileType, int threads)
    {
        Parameters parameters = llama_model_quantize_default_params();
        (parameters.Threads, parameters.FileType, parameters.AllowRequantize, parameters.Pure) = (threads, fileType, 1, 1);
        uint failed = llama_model_quantize(input, output, &parameters);
        if (failed != 0) throw new InvalidOperationException($"llama.cpp's quantiser ended with {failed} on '{input}'.");
    }

    [UnmanagedCallersOnly]
    private static void Ignore(int level, nint text, nint user)
    {
    }

    [LibraryImport("llama")]
    private static partial Parameters llama_model_quantize_default_params();

    [LibraryImport("llama", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint llama_model_quantize(string input, string output, Parameters* parameters);
}
