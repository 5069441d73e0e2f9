using EdgeBench.Suites.Datasets;
using EdgeBench.Suites.Tasks.Data;

namespace EdgeBench.Suites.Tasks.MultipleChoice;

/// <summary>A way in which published data sets write questions with choices. Seam: implement, add to <see cref="ChoiceLayouts"/>.</summary>
internal interface IChoiceLayout
{
    /// <summary>Its fields, for messages.</summary>
    string Fields { get; }

    /// <summary>Whether a record is written in it, by the names of its fields.</summary>
    bool Fits(TaskRecord record);

    /// <summary>The record's item, or null with a problem added.</summary>
    ChoiceItem? Read(TaskRecord record, DataProblems problems);
}
