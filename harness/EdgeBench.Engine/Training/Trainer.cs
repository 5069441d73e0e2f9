using EdgeBench.Core.Problems;
using EdgeBench.Engine.Inference.Memory;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Engine.Training.Optimisers;

namespace EdgeBench.Engine.Training;

/// <summary>
/// Trains a model: loss and gradients of batches, then a step of the optimiser. Results are a function of model, batches and seed, the same bits on any number of
/// threads and with or without recomputation. Once shapes of batches have been seen, a step allocates nothing.
/// </summary>
public sealed unsafe class Trainer : IDisposable
{
    private readonly ITrainable _model;
    private readonly TrainerOptions _options;
    private readonly StepContext _context;
    private readonly GradientNorm _norm;
    private readonly Dictionary<(int Sequences, int Length), Tape> _tapes = [];
    private readonly Parameter[] _trained;
    private NativeBlock? _memory;
    private Tape? _placed;

    public Trainer(ITrainable model, IOptimiser optimiser, ISchedule schedule, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimiser);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(options);
        (_model, Optimiser, Schedule, _options) = (model, optimiser, schedule, options);
        _trained = [.. model.Parameters.Where(parameter => parameter.Trainable)];
        if (_trained.Length == 0) throw EdgeBenchException.BadInput("nothing is trained", "at least one trainable parameter");
        _context = new(options.Threads, options.Seed);
        _norm = new(_trained);
        optimiser.Attach(_trained);
    }

    public IOptimiser Optimiser { get; }

    public ISchedule Schedule { get; }

    public IReadOnlyList<Parameter> Trained => _trained;

    internal IReadOnlyList<Parameter> Parameters => _model.Parameters;

    /// <summary>Steps done.</summary>
    public long Steps { get; internal set; }

    public TrainingMemory Memory => new(_model.Parameters.Sum(parameter => parameter.Bytes), _trained.Sum(parameter => parameter.Count * sizeof(float)),
        Optimiser.State.Sum(state => (long)state.Values.Length * sizeof(float)), _memory?.Bytes ?? 0, _context.Bytes);

    /// <summary>Seconds by kind of operation, for the time that <see cref="Profile"/> is on.</summary>
    public Dictionary<string, long>? Times { get; private set; }

    /// <summary>Starts to note what time goes into.</summary>
    public void Profile()
    {
        Times = [];
        foreach (Tape tape in _tapes.Values) tape.Times = Times;
    }

    /// <summary>One step over batches whose gradients add up as if they were one. Throws <see cref="TrainingDivergedException"/> before anything changes.</summary>
    public StepReport Step(params ReadOnlySpan<Batch> batches)
    {
        (double loss, int counted) = Gradients(batches);
        double norm = _norm.Of(_context.Workers), rate = Schedule.Rate(Steps);
        if (!double.IsFinite(norm)) throw new TrainingDivergedException(Steps + 1, "The gradient", _norm.FirstNonFinite());
        double factor = _options.ClipNorm is { } most ? Math.Min(1, most / (norm + 1e-6)) : 1;
        Optimiser.Step(_context.Workers, Steps + 1, rate, factor);
        return new(++Steps, loss, norm, rate, counted);
    }

    /// <summary>Mean loss of batches and its gradients, without a step.</summary>
    public (double Loss, int Targets) Gradients(params ReadOnlySpan<Batch> batches)
    {
        int counted = 0;
        foreach (Batch batch in batches)
        {
            _model.Check(batch);
            counted += batch.Counted;
        }
        if (counted == 0) throw EdgeBenchException.BadInput($"{batches.Length} batches without a target that counts", $"at least one target that is not {Batch.Ignored}");
        foreach (Parameter parameter in _trained) parameter.ForgetGradient();
        double sum = 0;
        for (int i = 0; i < batches.Length; i++)
        {
            (_context.MicroBatch, _context.Step) = (i, Steps);
            sum += Run(batches[i], 1f / counted, training: true, logits: null);
            if (!double.IsFinite(sum)) throw new TrainingDivergedException(Steps + 1, "The loss", Prepared(batches[i]).FirstNonFinite(_context));
        }
        foreach (Parameter parameter in _trained)
        {
            // A table's rows that no graph reached, and the like.
            if (!parameter.HasGradient) parameter.Gradients.Clear();
        }
        return (sum / counted, counted);
    }

    /// <summary>Sum of losses of a batch without gradients, and how many targets count; <paramref name="logits"/> sees all rows of logits in turn.</summary>
    public (double LossSum, int Targets) Evaluate(Batch batch, LogitSink? logits = null)
    {
        _model.Check(batch);
        return (Run(batch, 1, training: false, logits), batch.Counted);
    }

    public void Dispose()
    {
        _context.Dispose();
        Optimiser.Dispose();
        _memory?.Dispose();
    }

    private double Run(Batch batch, float factor, bool training, LogitSink? logits)
    {
        (_context.Batch, _context.Training, _context.LossFactor, _context.Logits) = (batch, training, factor, logits);
        Prepared(batch).Run(_context);
        _context.Logits = null;
        return _context.LossSum;
    }

    private Tape Prepared(Batch batch)
    {
        if (!_tapes.TryGetValue((batch.Sequences, batch.Length), out Tape? tape))
            _tapes[(batch.Sequences, batch.Length)] = tape = new(_model.Build(batch.Sequences, batch.Length), _options.Recompute) { Times = Times };
        if (_placed == tape) return tape;
        if (_memory is null || _memory.Bytes < tape.Bytes)
        {
            _memory?.Dispose();
            _memory = new NativeBlock(tape.Bytes, large: true);
        }
        tape.Place((nint)_memory.Data);
        return _placed = tape;
    }
}
