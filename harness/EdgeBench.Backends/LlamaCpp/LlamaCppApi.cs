using System.Runtime.InteropServices;

namespace EdgeBench.Backends.LlamaCpp;

/// <summary>The functions of llama.cpp's C API that the backend calls, resolved by name from loaded libraries.</summary>
internal sealed unsafe class LlamaCppApi(nint ggmlBase, nint ggml, nint llama)
{
    // libggml-base
    public readonly delegate* unmanaged[Cdecl]<byte*> GgmlVersion = (delegate* unmanaged[Cdecl]<byte*>)Export(ggmlBase, "ggml_version");
    public readonly delegate* unmanaged[Cdecl]<byte*> GgmlCommit = (delegate* unmanaged[Cdecl]<byte*>)Export(ggmlBase, "ggml_commit");
    public readonly delegate* unmanaged[Cdecl]<int, long, nuint> RowSize = (delegate* unmanaged[Cdecl]<int, long, nuint>)Export(ggmlBase, "ggml_row_size");
    public readonly delegate* unmanaged[Cdecl]<int, long> BlockSize = (delegate* unmanaged[Cdecl]<int, long>)Export(ggmlBase, "ggml_blck_size");
    public readonly delegate* unmanaged[Cdecl]<GgmlThreadpoolParams*, int, void> ThreadpoolParamsInit =
        (delegate* unmanaged[Cdecl]<GgmlThreadpoolParams*, int, void>)Export(ggmlBase, "ggml_threadpool_params_init");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> RegistryName = (delegate* unmanaged[Cdecl]<nint, byte*>)Export(ggmlBase, "ggml_backend_reg_name");
    public readonly delegate* unmanaged[Cdecl]<nint, nuint, nint> RegistryDevice =
        (delegate* unmanaged[Cdecl]<nint, nuint, nint>)Export(ggmlBase, "ggml_backend_reg_dev_get");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nint> RegistryProcedure =
        (delegate* unmanaged[Cdecl]<nint, byte*, nint>)Export(ggmlBase, "ggml_backend_reg_get_proc_address");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> DeviceDescription =
        (delegate* unmanaged[Cdecl]<nint, byte*>)Export(ggmlBase, "ggml_backend_dev_description");

    // libggml
    public readonly delegate* unmanaged[Cdecl]<byte*, void> LoadBackends = (delegate* unmanaged[Cdecl]<byte*, void>)Export(ggml, "ggml_backend_load_all_from_path");
    public readonly delegate* unmanaged[Cdecl]<nuint> RegistryCount = (delegate* unmanaged[Cdecl]<nuint>)Export(ggml, "ggml_backend_reg_count");
    public readonly delegate* unmanaged[Cdecl]<nuint, nint> RegistryAt = (delegate* unmanaged[Cdecl]<nuint, nint>)Export(ggml, "ggml_backend_reg_get");
    public readonly delegate* unmanaged[Cdecl]<byte*, nint> RegistryByName = (delegate* unmanaged[Cdecl]<byte*, nint>)Export(ggml, "ggml_backend_reg_by_name");

    // libllama: library
    public readonly delegate* unmanaged[Cdecl]<byte*> LlamaVersion = (delegate* unmanaged[Cdecl]<byte*>)Export(llama, "llama_version");
    public readonly delegate* unmanaged[Cdecl]<void> BackendInit = (delegate* unmanaged[Cdecl]<void>)Export(llama, "llama_backend_init");
    public readonly delegate* unmanaged[Cdecl]<byte*> SystemInfo = (delegate* unmanaged[Cdecl]<byte*>)Export(llama, "llama_print_system_info");
    public readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<int, byte*, void*, void>, void*, void> LogSet =
        (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<int, byte*, void*, void>, void*, void>)Export(llama, "llama_log_set");

    // libllama: model
    public readonly delegate* unmanaged[Cdecl]<LlamaModelParams> ModelDefaults = (delegate* unmanaged[Cdecl]<LlamaModelParams>)Export(llama, "llama_model_default_params");
    public readonly delegate* unmanaged[Cdecl]<byte*, LlamaModelParams, nint> ModelLoad =
        (delegate* unmanaged[Cdecl]<byte*, LlamaModelParams, nint>)Export(llama, "llama_model_load_from_file");
    public readonly delegate* unmanaged[Cdecl]<nint, void> ModelFree = (delegate* unmanaged[Cdecl]<nint, void>)Export(llama, "llama_model_free");
    public readonly delegate* unmanaged[Cdecl]<nint, nint> ModelVocabulary = (delegate* unmanaged[Cdecl]<nint, nint>)Export(llama, "llama_model_get_vocab");
    public readonly delegate* unmanaged[Cdecl]<nint, byte> ModelHasDecoder = (delegate* unmanaged[Cdecl]<nint, byte>)Export(llama, "llama_model_has_decoder");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ModelTrainedContext = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_model_n_ctx_train");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ModelWidth = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_model_n_embd");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ModelLayers = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_model_n_layer");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ModelHeads = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_model_n_head");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ModelKvHeads = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_model_n_head_kv");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, nuint, int> ModelMetadata =
        (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nuint, int>)Export(llama, "llama_model_meta_val_str");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> ModelDescription =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int>)Export(llama, "llama_model_desc");

    // libllama: adapters, which belong to their model and are freed with it
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nint> AdapterLoad = (delegate* unmanaged[Cdecl]<nint, byte*, nint>)Export(llama, "llama_adapter_lora_init");
    public readonly delegate* unmanaged[Cdecl]<nint, nint*, nuint, float*, int> AdaptersSet =
        (delegate* unmanaged[Cdecl]<nint, nint*, nuint, float*, int>)Export(llama, "llama_set_adapters_lora");

    // libllama: vocabulary
    public readonly delegate* unmanaged[Cdecl]<nint, int> VocabularySize = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_vocab_n_tokens");
    public readonly delegate* unmanaged[Cdecl]<nint, int> VocabularyBos = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_vocab_bos");
    public readonly delegate* unmanaged[Cdecl]<nint, byte> VocabularyAddsBos = (delegate* unmanaged[Cdecl]<nint, byte>)Export(llama, "llama_vocab_get_add_bos");
    public readonly delegate* unmanaged[Cdecl]<nint, byte> VocabularyAddsEos = (delegate* unmanaged[Cdecl]<nint, byte>)Export(llama, "llama_vocab_get_add_eos");
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int> Tokenize =
        (delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int>)Export(llama, "llama_tokenize");

    public readonly delegate* unmanaged[Cdecl]<nint, int, byte> VocabularyEnds = (delegate* unmanaged[Cdecl]<nint, int, byte>)Export(llama, "llama_vocab_is_eog");
    public readonly delegate* unmanaged[Cdecl]<nint, int*, int, byte*, int, byte, byte, int> Detokenize =
        (delegate* unmanaged[Cdecl]<nint, int*, int, byte*, int, byte, byte, int>)Export(llama, "llama_detokenize");

    // libllama: context
    public readonly delegate* unmanaged[Cdecl]<LlamaContextParams> ContextDefaults =
        (delegate* unmanaged[Cdecl]<LlamaContextParams>)Export(llama, "llama_context_default_params");
    public readonly delegate* unmanaged[Cdecl]<nint, LlamaContextParams, nint> ContextNew =
        (delegate* unmanaged[Cdecl]<nint, LlamaContextParams, nint>)Export(llama, "llama_init_from_model");
    public readonly delegate* unmanaged[Cdecl]<nint, void> ContextFree = (delegate* unmanaged[Cdecl]<nint, void>)Export(llama, "llama_free");
    public readonly delegate* unmanaged[Cdecl]<nint, uint> ContextLength = (delegate* unmanaged[Cdecl]<nint, uint>)Export(llama, "llama_n_ctx");
    public readonly delegate* unmanaged[Cdecl]<nint, uint> ContextBatch = (delegate* unmanaged[Cdecl]<nint, uint>)Export(llama, "llama_n_batch");
    public readonly delegate* unmanaged[Cdecl]<nint, uint> ContextUbatch = (delegate* unmanaged[Cdecl]<nint, uint>)Export(llama, "llama_n_ubatch");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ContextThreads = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_n_threads");
    public readonly delegate* unmanaged[Cdecl]<nint, int> ContextThreadsBatch = (delegate* unmanaged[Cdecl]<nint, int>)Export(llama, "llama_n_threads_batch");
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nint, void> AttachThreadpool =
        (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)Export(llama, "llama_attach_threadpool");
    public readonly delegate* unmanaged[Cdecl]<nint, nint> ContextMemory = (delegate* unmanaged[Cdecl]<nint, nint>)Export(llama, "llama_get_memory");
    public readonly delegate* unmanaged[Cdecl]<nint, byte, void> MemoryClear = (delegate* unmanaged[Cdecl]<nint, byte, void>)Export(llama, "llama_memory_clear");
    public readonly delegate* unmanaged[Cdecl]<nint, int, int, int, byte> MemoryRemove =
        (delegate* unmanaged[Cdecl]<nint, int, int, int, byte>)Export(llama, "llama_memory_seq_rm");
    public readonly delegate* unmanaged[Cdecl]<nint, LlamaBatch, int> Decode = (delegate* unmanaged[Cdecl]<nint, LlamaBatch, int>)Export(llama, "llama_decode");
    public readonly delegate* unmanaged[Cdecl]<nint, void> Synchronize = (delegate* unmanaged[Cdecl]<nint, void>)Export(llama, "llama_synchronize");
    public readonly delegate* unmanaged[Cdecl]<nint, int, float*> LogitsAt = (delegate* unmanaged[Cdecl]<nint, int, float*>)Export(llama, "llama_get_logits_ith");

    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static nint Export(nint library, string name) => NativeLibrary.GetExport(library, name);
}
