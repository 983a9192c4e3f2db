with

final as (

    select
        agreement_id,
        edition_order as raekkefoelge,
        year_kind as aarstype,
        year_label as aar,
        number as udgave,
        minutes as referat,
        approved_on as godkendt,
        publication_id as udgivelse,
        as_of as opgjort_pr,
        year
    from {{ source('disclosed', 'edition') }}

)

select * from final
