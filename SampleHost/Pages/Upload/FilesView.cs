using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Upload;

/// <summary>A record's files, to add to, replace and delete.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Title">The record's title.</param>
/// <param name="Files">Its files.</param>
/// <param name="Banner">What just happened, or null.</param>
public sealed record FilesView(long Id, string Title, IReadOnlyList<FileView> Files, BannerView? Banner);

/// <summary>A file to replace.</summary>
/// <param name="RecordId">The record's id.</param>
/// <param name="Title">The record's title.</param>
/// <param name="File">The file as it is.</param>
/// <param name="Banner">What went wrong, or null.</param>
public sealed record ReplaceView(long RecordId, string Title, FileView File, BannerView? Banner);
