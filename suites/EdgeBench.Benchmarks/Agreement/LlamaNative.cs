using System.Runtime.InteropServices;

namespace EdgeBench.Benchmarks.Agreement;

/// <summary>
/// The part of llama.cpp's C API that llama-bench's loop needs (v0.5.0, 64-bit Linux). Structures are opaque but for the fields that the loop sets, by
/// their offsets in include/llama.h; written apart from the backend's binding on purpose.
/// </summary>
internal static unsafe partial class LlamaNative
{
    private const string Llama = "llama", Ggml = "ggml", GgmlBase = "ggml-base";

    [StructLayout(LayoutKind.Explicit, Size = 80)]
    internal struct ModelParams
    {
        [FieldOffset(16)] public int n_gpu_layers;
        [FieldOffset(24)] public int load_mode;
    }

    [StructLayout(LayoutKind.Explicit, Size = 160)]
    internal struct ContextParams
    {
        [FieldOffset(0)] public uint n_ctx;
        [FieldOffset(4)] public uint n_batch;
        [FieldOffset(8)] public uint n_ubatch;
        [FieldOffset(132)] public byte swa_full;
    }

    [StructLayout(LayoutKind.Explicit, Size = 528)]
    internal struct ThreadpoolParams
    {
        [FieldOffset(512)] public int n_threads;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Batch
    {
        public int n_tokens;
        public int* token;
        public nint embd, pos, n_seq_id, seq_id, logits;
    }

    /// <summary>Resolves the names above to the files of a folder.</summary>
    public static void UseFolder(string folder)
    {
        NativeLibrary.SetDllImportResolver(typeof(LlamaNative).Assembly, (name, _, _) => NativeLibrary.Load(
            Directory.GetFiles(folder, $"lib{name}.*").Where(path => path.Contains(".so", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new FileNotFoundException($"'{folder}' holds no lib{name}.so; expected the folder that 'edgebench backends install llamacpp' fills.")));
    }

    [LibraryImport(Llama)] internal static partial nint llama_version();
    [LibraryImport(Llama)] internal static partial void llama_backend_init();
    [LibraryImport(Llama)] internal static partial void llama_log_set(delegate* unmanaged<int, nint, nint, void> callback, nint data);
    [LibraryImport(Ggml, StringMarshalling = StringMarshalling.Utf8)] internal static partial void ggml_backend_load_all_from_path(string folder);
    [LibraryImport(Ggml, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint ggml_backend_reg_by_name(string name);
    [LibraryImport(GgmlBase, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint ggml_backend_reg_get_proc_address(nint registry, string name);
    [LibraryImport(GgmlBase)] internal static partial void ggml_threadpool_params_init(ThreadpoolParams* parameters, int threads);

    [LibraryImport(Llama)] internal static partial ModelParams llama_model_default_params();
    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint llama_model_load_from_file(string path, ModelParams parameters);
    [LibraryImport(Llama)] internal static partial void llama_model_free(nint model);
    [LibraryImport(Llama)] internal static partial nint llama_model_get_vocab(nint model);
    [LibraryImport(Llama)] internal static partial int llama_vocab_n_tokens(nint vocabulary);
    [LibraryImport(Llama)] internal static partial byte llama_vocab_get_add_bos(nint vocabulary);
    [LibraryImport(Llama)] internal static partial int llama_vocab_bos(nint vocabulary);

    [LibraryImport(Llama)] internal static partial ContextParams llama_context_default_params();
    [LibraryImport(Llama)] internal static partial nint llama_init_from_model(nint model, ContextParams parameters);
    [LibraryImport(Llama)] internal static partial void llama_free(nint context);
    [LibraryImport(Llama)] internal static partial void llama_attach_threadpool(nint context, nint pool, nint batchPool);
    [LibraryImport(Llama)] internal static partial void llama_set_n_threads(nint context, int threads, int batchThreads);
    [LibraryImport(Llama)] internal static partial nint llama_get_memory(nint context);
    [LibraryImport(Llama)] internal static partial void llama_memory_clear(nint memory, byte data);
    [LibraryImport(Llama)] internal static partial int llama_decode(nint context, Batch batch);
    [LibraryImport(Llama)] internal static partial void llama_synchronize(nint context);
}
