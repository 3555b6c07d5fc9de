//! What can be wrong with how a later revision is laid out.

/// Each flaw once, as a kind and in a list of all.
macro_rules! flaws {
    ($($flaw:ident),* $(,)?) => {
        /// What is wrong with a layout, one thing at a time.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Flaw {
            $($flaw),*
        }

        pub(crate) const FLAWS: &[Flaw] = &[$(Flaw::$flaw),*];
    };
}

flaws! {
    EmptySubsection,
    EmptySubsectionFarAway,
    CommentInTable,
    CommentBeforeTrailer,
    CommentBetweenObjects,
    CommentInObject,
    CommentBehindTable,
    ShortEntry,
    LongEntry,
    TabInEntry,
    ListedTwice,
    NumberBeyondSize,
    SizeThatShrinks,
    Deleted,
    OfGenerationOne,
    OtherPrevious,
    NoPrevious,
    HybridStream,
    Encrypted,
    OtherCatalog,
    NewInformation,
    OtherIdentifier,
    WideHead,
    ZeroHead,
    ObjectInStream,
    ObjectInPackedStream,
    ObjectInString,
    ObjectInReason,
    ObjectInHexadecimalNote,
    TrailerInStream,
    EndInStream,
    ExternalStream,
    ExternalFilter,
    StreamOfObjects,
    ReasonElsewhere,
    NoteElsewhere,
    StreamInNote,
    EndlessReason,
    UnknownEntry,
    DocMdp,
    WrongLength,
    TwoStarts,
    StartOnOneLine,
    StartWithZero,
    SecondTrailer,
    KeyTwice,
    JunkBetween,
    ObjectOutsideTheTable,
    SomethingMore,
    DrawingWithoutBox,
    DrawingOfNoArea,
    DrawingFlattened,
    DrawingOfAnotherFile,
    WidthOfZero,
    RowTooMany,
    UnknownRow,
    IndexTwice,
    RowsFilterArrayAlone,
    RowsParametersArrayAlone,
    RowsParametersElsewhere,
    RowsPredictorOfReal,
    RowsPredictorElsewhere,
    PackedFilterArrayAlone,
    PackedParametersArrayAlone,
    PackedParametersElsewhere,
    PackedPredictor,
    PackedShortParameters,
    PackedOverlapping,
    PackedDescending,
    PackedComment,
    PackedCommentInHead,
    PackedJunkInHead,
    PackedJunkBefore,
    PackedJunkBetween,
    PackedJunkBehind,
    ObjectInArrayPackedStream,
    ObjectInHexadecimalStream,
    ShortParameters,
    FilterElsewhere,
    WholeNumbersAsDecimals,
    NullEntry,
    NulInName,
    NulInNewName,
    SizeBeyondAll,
    SizeBeyondSigned,
}

/// Flaws of a table, and flaws of a cross-reference stream; the others are flaws of both.
pub(crate) const OF_TABLES: [Flaw; 15] = {
    use Flaw::*;
    [
        EmptySubsection,
        EmptySubsectionFarAway,
        CommentInTable,
        CommentBeforeTrailer,
        CommentBehindTable,
        ShortEntry,
        LongEntry,
        TabInEntry,
        ListedTwice,
        HybridStream,
        SecondTrailer,
        Deleted,
        OfGenerationOne,
        NumberBeyondSize,
        Encrypted,
    ]
};
pub(crate) const OF_STREAMS: [Flaw; 9] = {
    use Flaw::*;
    [
        WidthOfZero,
        RowTooMany,
        UnknownRow,
        IndexTwice,
        RowsFilterArrayAlone,
        RowsParametersArrayAlone,
        RowsParametersElsewhere,
        RowsPredictorOfReal,
        RowsPredictorElsewhere,
    ]
};

/// Flaws of an object stream, which a cross-reference stream lists.
pub(crate) const OF_PACKED: [Flaw; 13] = {
    use Flaw::*;
    [
        PackedFilterArrayAlone,
        PackedParametersArrayAlone,
        PackedParametersElsewhere,
        PackedPredictor,
        PackedShortParameters,
        PackedOverlapping,
        PackedDescending,
        PackedComment,
        PackedCommentInHead,
        PackedJunkInHead,
        PackedJunkBefore,
        PackedJunkBetween,
        PackedJunkBehind,
    ]
};
