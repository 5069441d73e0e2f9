using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Graphs;
using EdgeBench.Engine.Training.Operations;

namespace EdgeBench.Engine.Training.Models;

/// <summary>
/// A student that learns from targets and from a teacher's probabilities for the same batch. The teacher runs first and leaves only its last hidden states; its logits
/// are made beside the student's, some rows at a time. Evaluation is the student's cross-entropy alone, and does not run the teacher. Owns neither of them.
/// </summary>
public sealed class DistilledModel : ITrainable
{
    private readonly ITrainable _student, _teacher;
    private readonly DistillationOptions _options;

    /// <summary>Throws bad input for a teacher that is trained itself (give it <see cref="TrainingOptions.Frozen"/>) or has other classes, and for options out of range.</summary>
    /// <param name="teacher">Of the student's vocabulary; widths and layers are free.</param>
    public DistilledModel(ITrainable student, ITrainable teacher, DistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(options);
        (_student, _teacher, _options) = (student, teacher, options);
        if (teacher.Classes != student.Classes) throw EdgeBenchException.BadInput($"a teacher of {teacher.Classes} classes", $"{student.Classes}, the student's", "Take a teacher with the student's tokenizer.");
        long trained = ParameterCount.Of(teacher.Parameters).Trained;
        if (trained > 0) throw EdgeBenchException.BadInput($"a teacher with {trained} trained parameters", "none", "Make it with Frozen.");
        if (!(options.Alpha is >= 0 and <= 1)) throw EdgeBenchException.BadInput($"an alpha of {options.Alpha}", "from 0 to 1");
        if (!(options.Temperature > 0 && double.IsFinite(options.Temperature))) throw EdgeBenchException.BadInput($"a temperature of {options.Temperature}", "a finite number over 0");
        Parameters = [.. student.Parameters, .. teacher.Parameters];
    }

    /// <summary>The student's, then the teacher's, whose names may be the same.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    public int Classes => _student.Classes;

    /// <inheritdoc/>
    public OutputHead Forward(Graph graph, int sequences, int length) => _student.Forward(graph, sequences, length);

    /// <inheritdoc/>
    public Graph Build(int sequences, int length)
    {
        Graph graph = new();
        OutputHead teacher = _teacher.Forward(graph, sequences, length);
        graph.EndTeacher();
        _student.Forward(graph, sequences, length).AddLoss(graph, new SoftTargets(teacher, (float)_options.Alpha, (float)_options.Temperature));
        return graph;
    }

    /// <inheritdoc/>
    public void Check(Batch batch)
    {
        _student.Check(batch);
        _teacher.Check(batch);
    }
}
