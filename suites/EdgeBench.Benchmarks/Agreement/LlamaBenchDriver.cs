using System.Diagnostics;
using System.Runtime.InteropServices;
using static EdgeBench.Benchmarks.Agreement.LlamaNative;

namespace EdgeBench.Benchmarks.Agreement;

/// <summary>llama-bench's loop over the C API (tools/llama-bench at v0.5.0), on the CPU, with its defaults.</summary>
internal sealed unsafe class LlamaBenchDriver : IDisposable
{
    private const int BatchTokens = 2048;

    private readonly nint _model, _vocabulary, _registry;
    private readonly int _size, _threads;
    private readonly Random _random = new(1);

    public LlamaBenchDriver(string folder, string model, int threads)
    {
        UseFolder(folder);
        Version = Marshal.PtrToStringUTF8(llama_version()) ?? "";
        if (Version is not ("0.5.0" or "0.5.0-dev")) throw new InvalidOperationException($"llama.cpp in '{folder}' is {Version}; this driver knows 0.5.0.");
        llama_log_set(&Ignore, 0);
        ggml_backend_load_all_from_path(folder);
        llama_backend_init();
        _registry = ggml_backend_reg_by_name("CPU");
        ModelParams parameters = llama_model_default_params();
        parameters.n_gpu_layers = 0;
        parameters.load_mode = 1;
        _model = llama_model_load_from_file(model, parameters);
        if (_model == 0) throw new InvalidOperationException($"llama.cpp cannot load '{model}'; expected a GGUF file that it knows.");
        _vocabulary = llama_model_get_vocab(_model);
        _size = llama_vocab_n_tokens(_vocabulary);
        _threads = threads;
    }

    public string Version { get; }

    /// <summary>Tokens a second of each repetition, over prompt and generated tokens together.</summary>
    public double[] Measure(int prompt, int generate, int repetitions)
    {
        ContextParams parameters = llama_context_default_params();
        (parameters.n_ctx, parameters.n_batch, parameters.n_ubatch, parameters.swa_full) = ((uint)(prompt + generate), BatchTokens, 512, 0);
        nint context = llama_init_from_model(_model, parameters);
        if (context == 0) throw new InvalidOperationException("llama.cpp cannot create a context.");
        ThreadpoolParams poolParameters;
        ggml_threadpool_params_init(&poolParameters, _threads);
        nint pool = ((delegate* unmanaged<ThreadpoolParams*, nint>)ggml_backend_reg_get_proc_address(_registry, "ggml_threadpool_new"))(&poolParameters);
        llama_attach_threadpool(context, pool, 0);
        try
        {
            llama_memory_clear(llama_get_memory(context), 0);
            Prompt(context, prompt);
            Generate(context, Math.Min(generate, 1));
            double[] rates = new double[repetitions];
            for (int i = 0; i < repetitions; i++)
            {
                llama_memory_clear(llama_get_memory(context), 0);
                long start = Stopwatch.GetTimestamp();
                Prompt(context, prompt);
                Generate(context, generate);
                rates[i] = (prompt + generate) * (double)Stopwatch.Frequency / (Stopwatch.GetTimestamp() - start);
            }
            return rates;
        }
        finally
        {
            llama_free(context);
            ((delegate* unmanaged<nint, void>)ggml_backend_reg_get_proc_address(_registry, "ggml_threadpool_free"))(pool);
        }
    }

    public void Dispose() => llama_model_free(_model);

    private void Prompt(nint context, int count)
    {
        llama_set_n_threads(context, _threads, _threads);
        int* tokens = stackalloc int[BatchTokens];
        for (int done = 0; done < count;)
        {
            int part = Math.Min(count - done, BatchTokens);
            for (int i = 0; i < part; i++) tokens[i] = done + i == 0 ? First() : _random.Next(_size);
            Submit(context, tokens, part);
            done += part;
        }
        llama_synchronize(context);
    }

    private void Generate(nint context, int count)
    {
        llama_set_n_threads(context, _threads, _threads);
        int token = First();
        for (int i = 0; i < count; i++)
        {
            Submit(context, &token, 1);
            llama_synchronize(context);
            token = _random.Next(_size);
        }
    }

    private int First() => llama_vocab_get_add_bos(_vocabulary) != 0 ? llama_vocab_bos(_vocabulary) : _random.Next(_size);

    private static void Submit(nint context, int* tokens, int count)
    {
        int code = llama_decode(context, new Batch { n_tokens = count, token = tokens });
        if (code != 0) throw new InvalidOperationException($"llama_decode returned {code}.");
    }

    [UnmanagedCallersOnly]
    private static void Ignore(int level, nint text, nint data)
    {
    }
}
